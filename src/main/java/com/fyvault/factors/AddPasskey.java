package com.fyvault.factors;

import com.fyvault.api.Answer;
import com.fyvault.crypto.Uuid7;
import com.fyvault.factors.Challenge.Tie;
import com.fyvault.factors.Challenge.Use;
import com.fyvault.factors.FactorGate.Refused;
import com.fyvault.factors.FactorGate.Subject;
import com.fyvault.factors.PasskeyRefused.Reason;
import com.fyvault.factors.VerifyPasskey.Registered;
import com.fyvault.people.Person;
import com.fyvault.people.PersonCall;
import com.fyvault.people.PersonEvents.Action;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A person's passkeys: made, listed, removed.
final class AddPasskey {
    private static final int LONGEST_NAME = 100;

    private final FactorGate gate;
    private final FactorStore factors;
    private final PasskeyStore store;
    private final GiveRecoveryCodes recovery;
    private final Ceremony ceremony;

    /// What both ceremonies are done with.
    record Ceremony(
            RelyingParty party, Challenge.Source challenges, VerifyPasskey verify, WorkerExecutor workers, Uuid7 ids) {}

    AddPasskey(
            FactorGate gate, FactorStore factors, PasskeyStore store, GiveRecoveryCodes recovery, Ceremony ceremony) {
        this.gate = gate;
        this.factors = factors;
        this.store = store;
        this.recovery = recovery;
        this.ceremony = ceremony;
    }

    /// `POST /users/me/passkeys/options`: what the browser is to be asked with.
    Future<Answer> options(PersonCall call) {
        Person person = call.person();
        return factors.enrolled(person.userId())
                .compose(enrolled -> gate.mayAdd(call, enrolled)
                        .compose(may -> store.list(person.userId()))
                        .map(known -> {
                            Challenge challenge = ceremony.challenges().issue(tie(person), enrolled.now());
                            return Answer.ok(PasskeyOptions.creation(ceremony.party(), person, challenge, known));
                        }));
    }

    /// `POST /users/me/passkeys`: the authenticator's answer. Whoever may not add one got no challenge.
    Future<Answer> add(PersonCall call) {
        Person person = call.person();
        String name = call.body().text("name", LONGEST_NAME);
        SentKey.Registration sent = SentKey.of(call.body(), "credential").registration();
        return ceremony.workers()
                .executeBlocking(() -> ceremony.verify().registration(sent, tie(person)), false)
                .compose(made -> gate.change(
                        call,
                        transaction -> factors.lock(transaction, person.userId())
                                .compose(before -> {
                                    if (before.passkeys() >= PasskeyStore.MOST) {
                                        throw Refusal.of(
                                                ErrorCode.LIMIT_REACHED,
                                                "A person has at most " + PasskeyStore.MOST + " passkeys");
                                    }
                                    if (made.challenge().isOver(before.now())) {
                                        throw new PasskeyRefused(Reason.EXPIRED);
                                    }
                                    Passkey passkey = passkey(person, name, sent, made);
                                    return stored(call, transaction, passkey, made)
                                            .compose(stored -> recovery.first(transaction, person.userId(), before))
                                            .map(given -> shown(passkey, given));
                                })))
                .recover(failure -> failure instanceof PasskeyRefused refused
                        ? gate.refused(call, Subject.of(person, Action.FACTOR_ADD), Refused.passkey(refused))
                        : Future.failedFuture(failure));
    }

    private Future<Void> stored(PersonCall call, Transaction transaction, Passkey passkey, Registered made) {
        return store.spend(transaction, made.challenge())
                .compose(spent -> {
                    if (!spent) {
                        throw new PasskeyRefused(Reason.REPLAYED);
                    }
                    return store.add(transaction, passkey);
                })
                .compose(added -> {
                    if (!added) {
                        throw Refusal.of(ErrorCode.FACTOR_EXISTS);
                    }
                    JsonObject details = new JsonObject()
                            .put("factor", "passkey")
                            .put("id", passkey.id().toString());
                    return gate.note(call, transaction, Subject.of(call.person(), Action.FACTOR_ADD), details);
                });
    }

    private Passkey passkey(Person person, String name, SentKey.Registration sent, Registered made) {
        return new Passkey(
                ceremony.ids().next(),
                person.userId(),
                made.credentialId(),
                made.attested(),
                name,
                sent.transports(),
                made.backupEligible(),
                made.signCount(),
                made.challenge().issuedAt(),
                null);
    }

    private static Answer shown(Passkey passkey, @Nullable JsonArray given) {
        return Answer.created(new JsonObject()
                .put("id", passkey.id().toString())
                .put("name", passkey.name())
                .put("recoveryCodes", given));
    }

    /// `GET /users/me/passkeys`
    Future<Answer> list(PersonCall call) {
        return store.list(call.person().userId()).map(all -> {
            JsonArray shown = new JsonArray();
            all.forEach(passkey -> shown.add(passkey.toJson()));
            return Answer.ok(shown);
        });
    }

    /// `DELETE /users/me/passkeys/{passkey}`
    Future<Answer> remove(PersonCall call) {
        Person person = call.person();
        UUID id = call.id("passkey", ErrorCode.FACTOR_NOT_FOUND);
        return gate.change(
                call,
                transaction -> factors.lock(transaction, person.userId())
                        .compose(enrolled -> {
                            FactorGate.requireFresh(person, enrolled.now());
                            return store.remove(transaction, person.userId(), id);
                        })
                        .compose(removed -> {
                            if (!removed) {
                                throw Refusal.of(ErrorCode.FACTOR_NOT_FOUND);
                            }
                            JsonObject details =
                                    new JsonObject().put("factor", "passkey").put("id", id.toString());
                            return gate.note(call, transaction, Subject.of(person, Action.FACTOR_REMOVE), details);
                        })
                        .compose(noted -> recovery.tidy(transaction, person.userId()))
                        .map(tidied -> Answer.done()));
    }

    private static Tie tie(Person person) {
        return new Tie(Use.REGISTER, person.sessionId());
    }
}
