package com.fyvault.handles;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.credentials.ChildTokens;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Withdrawals;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;

/** Ends a handle. By who minted it, or what it descends from, or who administers tokens; to all others it is absent. */
final class RevokeHandle {
    private final HandleStore store;
    private final ChildTokens tokens;
    private final Withdrawals withdrawals;

    RevokeHandle(HandleStore store, ChildTokens tokens, Withdrawals withdrawals) {
        this.store = store;
        this.tokens = tokens;
        this.withdrawals = withdrawals;
    }

    Future<Answer> revoke(Call call, Transaction transaction) {
        UUID id = call.id("handle", ErrorCode.HANDLE_NOT_FOUND);
        return store.find(transaction, call.orgId(), id).compose(found -> {
            if (found == null) {
                throw Refusal.of(ErrorCode.HANDLE_NOT_FOUND);
            }
            return tokens.sees(call, transaction, found.handle().credentialId()).compose(seen -> {
                if (!seen) {
                    throw Refusal.of(ErrorCode.HANDLE_NOT_FOUND);
                }
                call.record().detail("handle_id", id.toString());
                return end(call, transaction, found).map(epoch -> {
                    call.afterCommit(() -> withdrawals.settle(call.decision().org(), id, epoch));
                    return Answer.ok(new JsonObject().put("handle_id", id.toString()));
                });
            });
        });
    }

    /** To end what has ended is no change and no error: a repeated request may not fail. */
    private Future<Long> end(Call call, Transaction transaction, HandleStore.Found found) {
        return found.handle().revokedAt() != null
                ? Future.succeededFuture(call.caller().epoch())
                : store.revoke(transaction, call.orgId(), List.of(found.handle().withRevokedAt(found.now())));
    }
}
