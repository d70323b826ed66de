package com.fyvault.members;

import com.fyvault.api.Call;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Role;
import com.fyvault.tokens.TokenKind;
import io.vertx.core.Future;

/** Who may change what others may do. That the role of the caller allows it at all, the scope has said. */
final class Authorisation {
    private Authorisation() {}

    /** Refuses what may use authority but not pass it on, and what sees only a part of the organization. */
    static void check(Call call) {
        TokenKind kind = call.decision().kind();
        if (kind == TokenKind.AGENT || kind == TokenKind.BREAK_GLASS || kind == TokenKind.TEST_KEY) {
            throw Refusal.of(ErrorCode.KIND_NOT_ALLOWED);
        }
        if (call.decision().isConfined()) {
            throw Refusal.of(ErrorCode.SCOPE_MISSING, "A token confined to a part of the organization cannot do that");
        }
    }

    /**
     * Refuses to make an administrator, of whoever was none, to all but a person who has confirmed a second factor a moment ago: a
     * key that leaks, or a login left open, makes nobody who would stay when it is over.
     */
    static Future<Void> checkGiven(Call call, Transaction transaction, Role before, Role after) {
        if (!after.administers() || !before.isBelow(after)) {
            return Future.succeededFuture();
        }
        if (call.decision().kind() != TokenKind.LOGIN) {
            throw Refusal.of(ErrorCode.PERSON_REQUIRED, "Only a person makes an owner or admin");
        }
        return call.confirmed(transaction);
    }

    /** Refuses to touch somebody above the caller, and to make anybody so. */
    static void check(Call call, Role... touched) {
        check(call);
        for (Role role : touched) {
            if (call.decision().role().isBelow(role)) {
                throw Refusal.of(ErrorCode.ROLE_TOO_LOW, "Only an owner changes owners");
            }
        }
    }
}
