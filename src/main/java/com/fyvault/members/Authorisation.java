package com.fyvault.members;

import com.fyvault.api.Call;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.tokens.Role;
import com.fyvault.tokens.TokenKind;

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
