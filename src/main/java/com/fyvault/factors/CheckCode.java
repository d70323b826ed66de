package com.fyvault.factors;

import com.fyvault.crypto.BoxKey;
import com.fyvault.crypto.SecretBytes;
import com.fyvault.guesses.CountGuess;
import com.fyvault.guesses.CountGuess.Kind;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Fields;
import com.fyvault.platform.http.Refusal;
import io.vertx.core.Future;
import java.util.UUID;

/// Whether a code is a person's: of the authenticator app, or one of the recovery codes. Either is used up by it.
///
/// A try is counted before it is looked at, durably and for all nodes. What has not the shape of a code is refused
/// before that, since it could never be right.
final class CheckCode {
    /// The kind of box that holds the secret of an authenticator app.
    static final String BOX = "totp.1";

    private final FactorStore store;
    private final BoxKey boxes;
    private final RecoveryCodes recovery;
    private final CountGuess guesses;

    CheckCode(FactorStore store, BoxKey boxes, RecoveryCodes recovery, CountGuess guesses) {
        this.store = store;
        this.boxes = boxes;
        this.recovery = recovery;
        this.guesses = guesses;
    }

    /// What a text could be.
    ///
    /// @throws Refusal INVALID_FIELD when it has the shape of no code
    static Kind kindOf(SentCode code) {
        if (Totp.isCode(code.text())) {
            return Kind.ONE_TIME_CODE;
        }
        if (RecoveryCodes.isCode(code.text())) {
            return Kind.RECOVERY_CODE;
        }
        throw Fields.invalid(code.field(), "must be exactly six digits, or a recovery code as it was shown");
    }

    /// What a record calls it.
    static String name(Kind kind) {
        return kind == Kind.RECOVERY_CODE ? "recovery_code" : "totp";
    }

    /// Done when the code was right, with its kind; CODE_REFUSED when not, RATE_LIMITED after too many.
    Future<Kind> check(UUID user, SentCode code) {
        Kind kind = kindOf(code);
        return count(kind, user)
                .compose(counted -> use(user, kind, code.text()))
                .compose(right -> {
                    if (!right) {
                        return Future.failedFuture(Refusal.of(ErrorCode.CODE_REFUSED));
                    }
                    return right(kind, user).map(kind);
                });
    }

    /// Counts a try; RATE_LIMITED when it is one too many.
    Future<Void> count(Kind kind, UUID user) {
        return guesses.count(kind, user.toString());
    }

    /// After a right one the count begins anew.
    Future<Void> right(Kind kind, UUID user) {
        return guesses.right(kind, user.toString());
    }

    /// Uses the code up; false when it is not right. Nobody counts here.
    Future<Boolean> use(UUID user, Kind kind, String text) {
        return kind == Kind.RECOVERY_CODE
                ? store.useRecoveryCode(user, recovery.hash(user, text))
                : useStep(user, text);
    }

    /// The step whose code this is; [Totp#NONE] when there is none.
    long step(UUID user, FactorStore.Shared shared, String code) {
        try (SecretBytes secret = boxes.open(BOX, user, shared.sealed())) {
            return Totp.match(secret.exposeBytes(), code, shared.nowStep(), shared.lastStep());
        }
    }

    private Future<Boolean> useStep(UUID user, String code) {
        return store.shared(user).compose(shared -> {
            long step = shared == null ? Totp.NONE : step(user, shared, code);
            return shared == null || step == Totp.NONE
                    ? Future.succeededFuture(false)
                    : store.useStep(user, shared.sealed(), step);
        });
    }
}
