package com.fyvault.providers;

import com.fyvault.api.Call;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.tokens.Credential;
import com.fyvault.tokens.Decision;
import com.fyvault.tokens.TokenKind;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Who a provider is when it calls by itself. */
final class Itself {
    private Itself() {}

    /** The provider behind the call, which must be the one in its path: any other is absent. */
    static UUID of(Call call) {
        UUID provider = id(call.decision());
        if (!provider.equals(call.id("token", ErrorCode.CREDENTIAL_NOT_FOUND))) {
            throw Refusal.of(ErrorCode.CREDENTIAL_NOT_FOUND);
        }
        call.record().detail("provider_id", provider.toString());
        return provider;
    }

    /** A token that was rolled lives on as a child of the provider's own credential; that one is the provider. */
    private static UUID id(Decision decision) {
        UUID provider = decision.credentialId();
        for (Credential link : decision.chain()) {
            if (link.kind() != TokenKind.PROVIDER) {
                break;
            }
            provider = link.id();
        }
        return provider;
    }

    /** The project that the body names, else the only one that the provider reaches; null for the default one. */
    static @Nullable String project(Call call, @Nullable String named) {
        @Nullable Set<UUID> reached = call.decision().projects();
        return named == null && reached != null && reached.size() == 1
                ? reached.iterator().next().toString()
                : named;
    }
}
