package com.fyvault.secrets;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.environments.Places;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.vertx.core.Future;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Takes a secret out of every environment at once, and for 30 days back again. If-Match names the
 * version in the environment of the query, or in the default one.
 */
final class DeleteSecret {
    private final Places places;
    private final SecretStore store;

    DeleteSecret(Places places, SecretStore store) {
        this.places = places;
        this.store = store;
    }

    Future<Answer> delete(Call call, Transaction transaction) {
        return set(call, transaction, true);
    }

    Future<Answer> undelete(Call call, Transaction transaction) {
        return set(call, transaction, false);
    }

    private Future<Answer> set(Call call, Transaction transaction, boolean deleted) {
        UUID id = call.id("secret", ErrorCode.SECRET_NOT_FOUND);
        @Nullable String demanded = call.header(HttpHeaderNames.IF_MATCH);
        return places.unchecked(call, transaction)
                .compose(place -> store.environmentsOf(transaction, call.orgId(), id)
                        .compose(environments -> store.setDeleted(transaction, place, id, deleted)
                                .map(secret -> {
                                    SecretAccess.admitFound(call, secret);
                                    if (!call.decision().allowsProduction()
                                            || !environments.stream().allMatch(call.decision()::allowsEnvironment)) {
                                        throw Refusal.of(ErrorCode.ENVIRONMENT_NOT_ALLOWED);
                                    }
                                    Etag.demand(demanded, place.environmentId(), secret);
                                    return Answer.ok(secret.toJson());
                                })));
    }
}
