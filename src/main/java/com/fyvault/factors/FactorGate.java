package com.fyvault.factors;

import com.fyvault.factors.FactorStore.Enrolled;
import com.fyvault.people.Passwords;
import com.fyvault.people.People;
import com.fyvault.people.Person;
import com.fyvault.people.PersonCall;
import com.fyvault.people.PersonEvents;
import com.fyvault.people.PersonEvents.Action;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Who may change what a person's logins rest on, and the record of it.
final class FactorGate {
    /// How long a second factor counts as confirmed.
    static final Duration FRESH = Duration.ofMinutes(5);

    private final People people;
    private final Passwords passwords;

    FactorGate(People people, Passwords passwords) {
        this.people = people;
        this.passwords = passwords;
    }

    /// Another factor needs one that is there, confirmed lately. The first needs the password: a login alone, which may
    /// have been left open on a desk, must not become a way to make keys.
    Future<Void> mayAdd(PersonCall call, Enrolled enrolled) {
        if (enrolled.any()) {
            requireFresh(call.person(), enrolled.now());
            return Future.succeededFuture();
        }
        if (!call.body().has("password")) {
            throw Refusal.of(ErrorCode.PASSWORD_REQUIRED);
        }
        return passwords.confirm(call, Action.FACTOR_ADD);
    }

    /// STEP_UP_REQUIRED unless a second factor was confirmed in this login in the last 5 minutes.
    ///
    /// @param now the database's clock, which also set when that was
    static void requireFresh(Person person, Instant now) {
        if (!isFresh(person.steppedUpAt(), now)) {
            throw Refusal.of(ErrorCode.STEP_UP_REQUIRED);
        }
    }

    private static boolean isFresh(@Nullable Instant steppedUpAt, Instant now) {
        return steppedUpAt != null && steppedUpAt.plus(FRESH).isAfter(now);
    }

    /// One transaction in which the login is held and still alive.
    <T> Future<T> change(PersonCall call, Function<Transaction, Future<T>> work) {
        return people.database()
                .inTransaction(
                        transaction -> people.confirm(call, transaction).compose(live -> work.apply(transaction)));
    }

    /// Records what was done, in the transaction that does it.
    Future<Void> note(PersonCall call, Transaction transaction, Subject subject, JsonObject details) {
        return people.stores().events().add(transaction, event(call, subject, true, details));
    }

    /// Records a refusal, and refuses.
    <T> Future<T> refused(PersonCall call, Subject subject, Refused why) {
        return people.stores()
                .events()
                .add(event(call, subject, false, new JsonObject().put("reason", why.reason())))
                .compose(noted -> Future.failedFuture(Refusal.of(why.code())));
    }

    private static PersonEvents.Event event(PersonCall call, Subject subject, boolean done, JsonObject details) {
        return new PersonEvents.Event(
                call.id(), subject.user(), subject.action(), done, subject.session(), call.address(), details);
    }

    /// Whose record it is, and what of.
    ///
    /// @param user null when it is nobody's factor
    /// @param session null before there is one
    record Subject(@Nullable UUID user, @Nullable UUID session, Action action) {
        static Subject of(Person person, Action action) {
            return new Subject(person.userId(), person.sessionId(), action);
        }

        static Subject login(@Nullable UUID user) {
            return new Subject(user, null, Action.LOGIN);
        }
    }

    /// What the caller hears, and what the record says.
    record Refused(ErrorCode code, String reason) {
        static Refused passkey(PasskeyRefused failure) {
            return new Refused(
                    ErrorCode.PASSKEY_REFUSED, "passkey, " + failure.reason().text());
        }
    }
}
