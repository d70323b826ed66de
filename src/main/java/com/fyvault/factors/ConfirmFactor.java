package com.fyvault.factors;

import com.fyvault.api.Answer;
import com.fyvault.factors.AddPasskey.Ceremony;
import com.fyvault.factors.Challenge.Tie;
import com.fyvault.factors.Challenge.Use;
import com.fyvault.factors.FactorGate.Refused;
import com.fyvault.factors.FactorGate.Subject;
import com.fyvault.factors.PasskeyRefused.Reason;
import com.fyvault.guesses.CountGuess.Kind;
import com.fyvault.people.EndLogins;
import com.fyvault.people.Person;
import com.fyvault.people.PersonCall;
import com.fyvault.people.PersonEvents.Action;
import com.fyvault.people.StepUp;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Fields;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Asks somebody who is logged in for the second factor again, before what a stolen login must not be able to do.
///
/// A password is no step-up, also not for somebody who has nothing else: whoever wants to make keys enrols a factor
/// first, which asks for the password.
final class ConfirmFactor {
    private static final int LONGEST = 64;

    private final FactorGate gate;
    private final FactorStore factors;
    private final CheckCode codes;
    private final Keys keys;
    private final Logins logins;

    /// The passkeys' part.
    record Keys(PasskeyStore store, UsePasskey use, Ceremony ceremony) {}

    /// What a login goes on with.
    record Logins(StepUp stepUp, EndLogins end) {}

    /// A step-up, and what of the login has ended with it.
    private record Done(Instant at, EndLogins.Ended before) {}

    /// A proof, and what is left to do with it in the transaction.
    private record Proof(String how, Function<Transaction, Future<Void>> use) {}

    ConfirmFactor(FactorGate gate, FactorStore factors, CheckCode codes, Keys keys, Logins logins) {
        this.gate = gate;
        this.factors = factors;
        this.codes = codes;
        this.keys = keys;
        this.logins = logins;
    }

    /// `POST /auth/step-up/options`: what the browser asks one of the person's passkeys with.
    Future<Answer> options(PersonCall call) {
        Person person = call.person();
        return keys.store()
                .now()
                .compose(now -> keys.store().list(person.userId()).map(known -> {
                    if (known.isEmpty()) {
                        throw Refusal.of(ErrorCode.FACTOR_NOT_FOUND);
                    }
                    Challenge challenge = keys.ceremony().challenges().issue(tie(person), now);
                    return Answer.ok(PasskeyOptions.request(keys.ceremony().party(), challenge, known));
                }));
    }

    /// `POST /auth/step-up`: with a code of the app, a `recoveryCode` or a `passkey`.
    Future<Answer> stepUp(PersonCall call) {
        Person person = call.person();
        Fields body = call.body();
        @Nullable SentCode code = SentCode.isIn(body) ? SentCode.of(body) : null;
        @Nullable String recovery = body.optionalText("recoveryCode", LONGEST);
        long given = Stream.of(code != null, body.has("recoveryCode"), body.has("passkey"))
                .filter(is -> is)
                .count();
        if (given != 1) {
            throw Fields.invalid("code", "is missing: one of code, recoveryCode and passkey is needed");
        }
        return factors.enrolled(person.userId())
                .compose(enrolled -> {
                    if (!enrolled.any()) {
                        throw Refusal.of(ErrorCode.SECOND_FACTOR_REQUIRED);
                    }
                    if (code != null) {
                        return byCode(person.userId(), code, Kind.ONE_TIME_CODE);
                    }
                    return recovery == null
                            ? byPasskey(call)
                            : byCode(person.userId(), new SentCode("recoveryCode", recovery), Kind.RECOVERY_CODE);
                })
                .compose(proof -> steppedUp(call, proof))
                .recover(failure -> explained(call, failure));
    }

    private Future<Proof> byCode(UUID user, SentCode code, Kind kind) {
        if (CheckCode.kindOf(code) != kind) {
            throw Fields.invalid(code.field(), "is a code of the other kind");
        }
        return codes.check(user, code)
                .map(right -> new Proof(CheckCode.name(kind), transaction -> Future.succeededFuture()));
    }

    private Future<Proof> byPasskey(PersonCall call) {
        Person person = call.person();
        return keys.use()
                .prove(SentKey.of(call.body(), "passkey").assertion(), tie(person))
                .map(proved -> {
                    if (!proved.userId().equals(person.userId())) {
                        throw new PasskeyRefused(Reason.UNKNOWN);
                    }
                    return new Proof("passkey", transaction -> keys.use().use(transaction, proved));
                });
    }

    private Future<Answer> steppedUp(PersonCall call, Proof proof) {
        Person person = call.person();
        return gate.change(
                        call,
                        transaction -> proof.use()
                                .apply(transaction)
                                .compose(used -> factors.enrolled(transaction, person.userId()))
                                .compose(enrolled -> logins.stepUp()
                                        .confirmed(call, transaction, new StepUp.Confirmed(enrolled.now(), proof.how()))
                                        .map(before -> new Done(enrolled.now(), before))))
                .compose(done -> logins.end().settle(done.before()).map(settled -> answer(done.at())));
    }

    private static Answer answer(Instant at) {
        return Answer.ok(new JsonObject()
                .put("steppedUpAt", at.toString())
                .put("until", at.plus(FactorGate.FRESH).toString()));
    }

    private Future<Answer> explained(PersonCall call, Throwable failure) {
        Subject subject = Subject.of(call.person(), Action.STEP_UP);
        if (failure instanceof PasskeyRefused refused) {
            return gate.refused(call, subject, Refused.passkey(refused));
        }
        if (failure instanceof Refusal refusal && refusal.code() == ErrorCode.CODE_REFUSED) {
            return gate.refused(call, subject, new Refused(ErrorCode.CODE_REFUSED, "code"));
        }
        return Future.failedFuture(failure);
    }

    private static Tie tie(Person person) {
        return new Tie(Use.STEP_UP, person.sessionId());
    }
}
