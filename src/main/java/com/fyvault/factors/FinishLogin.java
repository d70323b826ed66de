package com.fyvault.factors;

import com.fyvault.api.Answer;
import com.fyvault.factors.AddPasskey.Ceremony;
import com.fyvault.factors.Challenge.Tie;
import com.fyvault.factors.Challenge.Use;
import com.fyvault.factors.FactorGate.Refused;
import com.fyvault.factors.FactorGate.Subject;
import com.fyvault.people.Account;
import com.fyvault.people.LogIn;
import com.fyvault.people.PendingLogins.Pending;
import com.fyvault.people.People;
import com.fyvault.people.PersonCall;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.tokens.TokenFormat;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The second step of a login by password, and the only one of a login by passkey: an authenticator that has verified
/// its person is two factors by itself.
final class FinishLogin {
    private static final int LONGEST = 128;
    private static final Tie NOBODY = new Tie(Use.LOGIN, null);

    private final People people;
    private final LogIn logIn;
    private final FactorGate gate;
    private final Codes codes;
    private final ConfirmFactor.Keys keys;

    /// What looks at codes.
    record Codes(CheckCode check, FactorStore store) {}

    FinishLogin(People people, LogIn logIn, FactorGate gate, Codes codes, ConfirmFactor.Keys keys) {
        this.people = people;
        this.logIn = logIn;
        this.gate = gate;
        this.codes = codes;
        this.keys = keys;
    }

    /// `POST /auth/totp/login`: the code of an authenticator app or a recovery code, at most 5 of them for a password.
    Future<Answer> byCode(PersonCall call) {
        String token = call.body().text("tempToken", LONGEST);
        SentCode code = SentCode.of(call.body());
        var _ = CheckCode.kindOf(code);
        return people.stores().pending().find(token).compose(pending -> {
            if (pending == null) {
                throw Refusal.of(ErrorCode.LOGIN_EXPIRED);
            }
            return codes.store()
                    .tryPending(TokenFormat.hash(token))
                    .compose(counted -> {
                        if (!counted) {
                            throw Refusal.of(ErrorCode.LOGIN_EXPIRED);
                        }
                        return codes.check().check(pending.userId(), code);
                    })
                    .compose(right -> codes.store().enrolled(pending.userId()))
                    .compose(enrolled -> taken(call, token, pending, enrolled.now()))
                    .recover(failure -> explained(call, pending.userId(), failure));
        });
    }

    private Future<Answer> taken(PersonCall call, String token, Pending waiting, Instant now) {
        return account(call, waiting.userId())
                .compose(account -> people.database()
                        .inTransaction(transaction -> people.stores()
                                .pending()
                                .take(transaction, token)
                                .compose(pending -> {
                                    if (pending == null) {
                                        throw Refusal.of(ErrorCode.LOGIN_EXPIRED);
                                    }
                                    return logIn.begin(
                                            call, transaction, new LogIn.Begun(account, pending.cookie(), now));
                                })));
    }

    /// `POST /auth/passkey/options`: the same for everybody, so it tells nothing of anybody.
    Future<Answer> options(PersonCall call) {
        Ceremony ceremony = keys.ceremony();
        return keys.store()
                .now()
                .map(now -> Answer.ok(PasskeyOptions.request(
                        ceremony.party(), ceremony.challenges().issue(NOBODY, now), List.of())));
    }

    /// `POST /auth/passkey/login`
    Future<Answer> byPasskey(PersonCall call) {
        SentKey.Assertion sent = SentKey.of(call.body(), "credential").assertion();
        boolean cookie = LogIn.wantsCookie(call);
        return keys.use()
                .prove(sent, NOBODY)
                .compose(proved -> account(call, proved.userId())
                        .compose(account -> people.database()
                                .inTransaction(transaction -> keys.use()
                                        .use(transaction, proved)
                                        .compose(used -> logIn.begin(
                                                call, transaction, new LogIn.Begun(account, cookie, proved.at()))))))
                .recover(failure -> explained(call, null, failure));
    }

    private Future<Account> account(PersonCall call, UUID user) {
        return people.stores()
                .accounts()
                .find(user)
                .compose(account -> account != null && account.isActive()
                        ? Future.succeededFuture(account)
                        : gate.refused(call, Subject.login(user), new Refused(ErrorCode.LOGIN_REFUSED, "deactivated")));
    }

    /// @param user whose login waits; null when none does
    private Future<Answer> explained(PersonCall call, @Nullable UUID user, Throwable failure) {
        if (failure instanceof PasskeyRefused refused) {
            return gate.refused(call, Subject.login(refused.user()), Refused.passkey(refused));
        }
        if (failure instanceof Refusal refusal && refusal.code() == ErrorCode.CODE_REFUSED) {
            return gate.refused(call, Subject.login(user), new Refused(ErrorCode.CODE_REFUSED, "code"));
        }
        return Future.failedFuture(failure);
    }
}
