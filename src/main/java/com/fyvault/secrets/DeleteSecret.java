package com.fyvault.secrets;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import java.util.UUID;

/** Takes a secret out of every environment at once, and for 30 days back again. */
final class DeleteSecret {
    private final SecretStore store;

    DeleteSecret(SecretStore store) {
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
        return store.environmentsOf(transaction, call.orgId(), id)
                .compose(environments -> {
                    if (!environments.stream().allMatch(call.decision()::allowsEnvironment)) {
                        throw Refusal.of(ErrorCode.ENVIRONMENT_NOT_ALLOWED);
                    }
                    return store.setDeleted(transaction, call.orgId(), id, deleted);
                })
                .map(secret -> {
                    if (!call.decision().allowsProject(secret.projectId())) {
                        throw Refusal.of(ErrorCode.SECRET_NOT_FOUND);
                    }
                    SecretAccess.admitFound(call, secret);
                    return Answer.ok(secret.toJson());
                });
    }
}
