package com.fyvault.events;

import com.fyvault.api.Caller;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.tokens.Admission;
import com.fyvault.tokens.Authority;
import com.fyvault.tokens.Decision;
import com.fyvault.tokens.Scope;
import com.fyvault.tokens.Tombstones;
import io.vertx.core.Future;

/** The token behind a stream, decided anew whenever the organization's authority has moved. */
final class Viewer {
    private static final int MOST_ATTEMPTS = 4;

    private final Authority authority;
    private final Tombstones tombstones;
    private final Caller caller;

    Viewer(Authority authority, Tombstones tombstones, Caller caller) {
        this.authority = authority;
        this.tombstones = tombstones;
        this.caller = caller;
    }

    Caller caller() {
        return caller;
    }

    /** What the token may as a statement has seen authority; refused when that is no stream any more. */
    Future<Decision> decide(EventStore.Look look) {
        return decide(look, 1);
    }

    /** True when this node has heard of a cut since. */
    boolean isCut(Decision decision) {
        return tombstones.covers(decision);
    }

    private Future<Decision> decide(EventStore.Look look, int attempt) {
        return authority.decide(caller.token()).compose(decision -> {
            boolean current = authority.epochOf(caller.token(), decision) >= look.authEpoch();
            if (current && !tombstones.covers(decision)) {
                check(decision, look);
                return Future.succeededFuture(decision);
            }
            return attempt == MOST_ATTEMPTS
                    ? Future.failedFuture(Refusal.of(ErrorCode.UNSETTLED))
                    : authority.refresh(decision.org()).compose(fresh -> decide(look, attempt + 1));
        });
    }

    private void check(Decision decision, EventStore.Look look) {
        Admission.check(decision, decision.org().orgText(), caller.address());
        if (decision.expiresAtMicros() <= look.nowMicros()) {
            throw Refusal.of(ErrorCode.TOKEN_EXPIRED);
        }
        if (!decision.scopes().has(Scope.AUDIT_READ) && !decision.scopes().has(Scope.SECRETS_READ)) {
            throw Refusal.of(ErrorCode.SCOPE_MISSING);
        }
    }
}
