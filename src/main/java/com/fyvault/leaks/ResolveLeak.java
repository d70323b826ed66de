package com.fyvault.leaks;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.TokenKind;
import io.vertx.core.Future;
import java.util.EnumSet;
import java.util.Set;

/** Closes a leak that somebody has dealt with otherwise than by another value. Its note says how. */
final class ResolveLeak {
    private static final int LONGEST_NOTE = 500;
    private static final Set<TokenKind> MAY = EnumSet.of(TokenKind.API_KEY, TokenKind.SESSION, TokenKind.LOGIN);

    private final FoundLeakStore store;

    ResolveLeak(FoundLeakStore store) {
        this.store = store;
    }

    Future<Answer> resolve(Call call, Transaction transaction) {
        if (!MAY.contains(call.decision().kind())) {
            throw Refusal.of(ErrorCode.KIND_NOT_ALLOWED);
        }
        if (call.decision().isConfined()) {
            throw Refusal.of(ErrorCode.SCOPE_MISSING, "A token confined to a part of the organization cannot do that");
        }
        call.body().refuseAllBut(Set.of("note"));
        String note = call.body().text("note", LONGEST_NOTE);
        return store.find(transaction, call.orgId(), ListLeaks.named(call)).compose(found -> {
            FoundLeak leak = ListLeaks.seen(call, found);
            if (leak.value() != null) {
                call.record()
                        .environment(leak.value().environmentId())
                        .secret(leak.value().secretId(), leak.value().version());
            }
            FoundLeakStore.Closing closing =
                    new FoundLeakStore.Closing(leak.id(), call.caller().actor(), note);
            return store.resolve(transaction, call.orgId(), closing)
                    .compose(done -> store.find(transaction, call.orgId(), leak.id()))
                    .map(after -> Answer.ok(ListLeaks.seen(call, after).toJson(true)));
        });
    }
}
