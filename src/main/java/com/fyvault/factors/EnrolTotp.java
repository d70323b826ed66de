package com.fyvault.factors;

import com.fyvault.api.Answer;
import com.fyvault.crypto.BoxKey;
import com.fyvault.crypto.OneTimeCode;
import com.fyvault.factors.FactorGate.Refused;
import com.fyvault.factors.FactorGate.Subject;
import com.fyvault.factors.FactorStore.Enrolled;
import com.fyvault.guesses.CountGuess.Kind;
import com.fyvault.people.Person;
import com.fyvault.people.PersonCall;
import com.fyvault.people.PersonEvents.Action;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Fields;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.json.JsonObject;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.UUID;

/// An authenticator app: its secret is handed out, and is in force when a first code shows that the app has it.
final class EnrolTotp {

    private final FactorGate gate;
    private final FactorStore store;
    private final CheckCode codes;
    private final GiveRecoveryCodes recovery;
    private final Tools tools;

    /// @param issuer whose code it is, as the app shows it
    record Tools(BoxKey boxes, SecureRandom random, WorkerExecutor workers, String issuer) {}

    EnrolTotp(FactorGate gate, FactorStore store, CheckCode codes, GiveRecoveryCodes recovery, Tools tools) {
        this.gate = gate;
        this.store = store;
        this.codes = codes;
        this.recovery = recovery;
        this.tools = tools;
    }

    /// `POST /users/me/totp`: the secret, this once.
    Future<Answer> begin(PersonCall call) {
        Person person = call.person();
        UUID user = person.userId();
        return store.enrolled(user)
                .compose(enrolled -> {
                    if (enrolled.totpSince() != null) {
                        throw Refusal.of(ErrorCode.FACTOR_EXISTS);
                    }
                    return gate.mayAdd(call, enrolled);
                })
                // Drawing the picture takes some milliseconds.
                .compose(may -> tools.workers().executeBlocking(() -> draw(person), false))
                .compose(drawn -> gate.change(call, transaction -> store.await(transaction, user, drawn.sealed()))
                        .map(waits -> answer(waits, drawn.shown())));
    }

    /// A new secret, as it is kept and as it is shown.
    private record Drawn(byte[] sealed, JsonObject shown) {}

    private Drawn draw(Person person) {
        byte[] secret = new byte[OneTimeCode.SECRET_LENGTH];
        tools.random().nextBytes(secret);
        byte[] sealed = tools.boxes().seal(CheckCode.BOX, person.userId(), secret, tools.random());
        JsonObject shown = new Enrolment(tools.issuer(), person.email(), secret).toJson();
        Arrays.fill(secret, (byte) 0);
        return new Drawn(sealed, shown);
    }

    private static Answer answer(boolean waits, JsonObject shown) {
        if (!waits) {
            throw Refusal.of(ErrorCode.FACTOR_EXISTS);
        }
        return Answer.created(shown);
    }

    /// `POST /users/me/totp/confirm`: in force from the first code on, which is used up by that.
    Future<Answer> confirm(PersonCall call) {
        UUID user = call.person().userId();
        SentCode sent = SentCode.of(call.body());
        String code = sent.text();
        if (!Totp.isCode(code)) {
            throw Fields.invalid(sent.field(), "must be exactly six digits");
        }
        return codes.count(Kind.ONE_TIME_CODE, user)
                .compose(counted -> store.waiting(user))
                .compose(waiting -> {
                    if (waiting == null) {
                        throw Refusal.of(ErrorCode.FACTOR_NOT_FOUND);
                    }
                    long step = codes.step(user, waiting, code);
                    return step == Totp.NONE
                            ? wrong(call)
                            : gate.change(
                                    call,
                                    transaction -> store.lock(transaction, user)
                                            .compose(before -> store.confirm(transaction, user, waiting, step)
                                                    .compose(confirmed -> confirmed
                                                            ? inForce(call, transaction, before)
                                                            : Future.failedFuture(
                                                                    Refusal.of(ErrorCode.CODE_REFUSED)))));
                })
                .compose(answer -> codes.right(Kind.ONE_TIME_CODE, user).map(answer));
    }

    private Future<Answer> wrong(PersonCall call) {
        return gate.refused(
                call,
                Subject.of(call.person(), Action.FACTOR_ADD),
                new Refused(ErrorCode.CODE_REFUSED, "totp, first code"));
    }

    private Future<Answer> inForce(PersonCall call, Transaction transaction, Enrolled before) {
        Subject subject = Subject.of(call.person(), Action.FACTOR_ADD);
        return gate.note(call, transaction, subject, new JsonObject().put("factor", "totp"))
                .compose(noted -> recovery.first(transaction, call.person().userId(), before))
                .map(given -> Answer.ok(new JsonObject().put("recoveryCodes", given)));
    }

    /// `DELETE /users/me/totp`
    Future<Answer> remove(PersonCall call) {
        Person person = call.person();
        return gate.change(
                call,
                transaction -> store.lock(transaction, person.userId())
                        .compose(enrolled -> {
                            if (enrolled.totpSince() == null) {
                                throw Refusal.of(ErrorCode.FACTOR_NOT_FOUND);
                            }
                            FactorGate.requireFresh(person, enrolled.now());
                            return store.removeTotp(transaction, person.userId())
                                    .compose(gone -> recovery.tidy(transaction, person.userId()));
                        })
                        .compose(gone -> gate.note(
                                call,
                                transaction,
                                Subject.of(person, Action.FACTOR_REMOVE),
                                new JsonObject().put("factor", "totp")))
                        .map(noted -> Answer.done()));
    }
}
