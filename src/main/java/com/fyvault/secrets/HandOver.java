package com.fyvault.secrets;

import com.fyvault.api.Call;
import com.fyvault.api.Ids;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Scope;
import io.vertx.core.Future;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Lets a provider overwrite a secret that it has not made, or takes that back. Only whoever may administer providers
 * does it, besides writing the secret; a confined token names only those that it has made.
 */
final class HandOver {
    private static final int LONGEST = 36;

    private final ProvidedStore store;

    HandOver(ProvidedStore store) {
        this.store = store;
    }

    /** Does what the body says of {@code providerId}: nothing when it is absent, and null or an empty text takes back. */
    Future<Void> hand(Call call, Transaction transaction, Secret secret) {
        @Nullable String named = call.body().optionalText("providerId", LONGEST);
        if (named == null) {
            return Future.succeededFuture();
        }
        if (!call.decision().scopes().has(Scope.PROVIDERS_WRITE)) {
            throw Refusal.of(ErrorCode.SCOPE_MISSING, "The token lacks the scope PROVIDERS_WRITE");
        }
        if (call.decision().isConfinedToEnvironments()) {
            throw Refusal.of(
                    ErrorCode.ENVIRONMENT_NOT_ALLOWED,
                    "A token confined to some environments cannot change what they share");
        }
        @Nullable UUID provider = named.isEmpty() ? null : Ids.parse(named);
        if (provider == null && !named.isEmpty()) {
            throw Refusal.of(ErrorCode.CREDENTIAL_NOT_FOUND);
        }
        call.record().detail("provider_id", named);
        if (!Objects.equals(provider, secret.providerId())) {
            call.record().detail("handed_over", true);
            if (secret.providerId() != null) {
                call.record().detail("former_provider_id", secret.providerId().toString());
            }
        }
        @Nullable UUID below = call.decision().isConfined() ? call.decision().credentialId() : null;
        return store.hand(transaction, secret, provider, below).map(done -> {
            if (!done) {
                throw Refusal.of(ErrorCode.CREDENTIAL_NOT_FOUND);
            }
            return null;
        });
    }
}
