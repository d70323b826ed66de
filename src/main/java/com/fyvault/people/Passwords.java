package com.fyvault.people;

import com.fyvault.api.Answer;
import com.fyvault.guesses.CountGuess;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Fields;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Forgotten, reset and changed passwords. Each new password ends the person's other logins, for a thief may have one.
 */
final class Passwords {
    private static final int LONGEST_TOKEN = 128;

    private final People people;
    private final Letters letters;

    Passwords(People people) {
        this.people = people;
        this.letters = new Letters(people.settings().url());
    }

    /**
     * {@code POST /auth/password/forgot}: a mail to the address of the account, if there is one; the same answer if
     * not.
     */
    Future<Answer> forgot(PersonCall call) {
        Email email = Email.in(call.body(), "email");
        return people.database()
                .inTransaction(transaction -> people.accounts()
                        .hold(transaction, email.key())
                        .compose(account -> people.mailTokens()
                                .isFull(transaction, MailTokens.Purpose.RESET, email.key())
                                .compose(full -> full
                                        ? Future.<Void>succeededFuture()
                                        : asked(call, transaction, email, account))))
                .map(done -> SignUp.sent());
    }

    /** For an address without an account the same is written: a token that nobody gets, and a mail that says so. */
    private Future<Void> asked(PersonCall call, Transaction transaction, Email email, @Nullable Account account) {
        boolean known = account != null && account.isActive();
        @Nullable UUID userId = account == null ? null : account.userId();
        MailTokens.Errand errand = new MailTokens.Errand(MailTokens.Purpose.RESET, email.key(), userId, "{}");
        PersonEvents.Event event = new PersonEvents.Event(
                call.id(), userId, PersonEvents.Action.PASSWORD_FORGOT, known, null, call.address(), null);
        return people.mailTokens()
                .issue(transaction, errand)
                .compose(token -> people.outbox()
                        .send(
                                transaction,
                                account != null && known
                                        ? letters.reset(account.mailbox(), token)
                                        : letters.nobodyThere(email.mailbox())))
                .compose(mailed -> people.events().add(transaction, event));
    }

    /** {@code POST /auth/password/reset} */
    Future<Answer> reset(PersonCall call) {
        String token = call.body().text("token", LONGEST_TOKEN);
        byte[] password = SignUp.newPassword(call.body(), "newPassword");
        return people.hashes()
                .apart(() -> {
                    PasswordRule.check(password, List.of());
                    return password;
                })
                .compose(people.hashes()::hash)
                .compose(hash -> people.database()
                        .inTransaction(transaction -> people.mailTokens()
                                .use(transaction, MailTokens.Purpose.RESET, token)
                                .compose(errand -> errand == null || errand.userId() == null
                                        ? Future.succeededFuture(null)
                                        : people.accounts().hold(transaction, errand.userId()))
                                .compose(account -> {
                                    if (account == null || !account.isActive()) {
                                        throw Refusal.of(ErrorCode.MAIL_TOKEN_REFUSED);
                                    }
                                    return resetTo(call, transaction, account, hash);
                                })))
                .compose(ended -> people.endLogins().settle(ended).map(Answer.done()));
    }

    private Future<EndLogins.Ended> resetTo(PersonCall call, Transaction transaction, Account account, String hash) {
        PasswordGate.Subject subject = new PasswordGate.Subject(account.email(), null);
        return people.mailTokens()
                .useAll(transaction, MailTokens.Purpose.RESET, account.email())
                .compose(used -> people.accounts().verified(transaction, account.userId()))
                .compose(proved -> people.passwords().passed(transaction, subject))
                .compose(open -> people.passwords().forget(transaction, account.userId()))
                .compose(strange ->
                        set(call, transaction, new Set(account, hash, null), PersonEvents.Action.PASSWORD_RESET));
    }

    private record Set(
            Account account, String hash, @Nullable UUID keptLogin) {}

    private Future<EndLogins.Ended> set(PersonCall call, Transaction transaction, Set set, PersonEvents.Action action) {
        UUID userId = set.account().userId();
        return people.accounts()
                .setPassword(transaction, userId, set.hash())
                .compose(changed -> people.outbox()
                        .send(transaction, letters.passwordChanged(set.account().mailbox())))
                .compose(mailed -> people.endLogins().allBut(transaction, userId, set.keptLogin()))
                .compose(ended -> people.events()
                        .add(
                                transaction,
                                new PersonEvents.Event(
                                        call.id(),
                                        userId,
                                        action,
                                        true,
                                        set.keptLogin(),
                                        call.address(),
                                        new JsonObject().put("logins", ended.logins())))
                        .map(ended));
    }

    /** {@code POST /users/me/password}: only with the present one; who has none yet has it reset. */
    Future<Answer> change(PersonCall call) {
        Person person = call.person();
        byte[] current = current(call.body());
        byte[] password = SignUp.newPassword(call.body(), "newPassword");
        return people.accounts().find(person.userId()).compose(account -> {
            if (account == null) {
                throw Refusal.of(ErrorCode.TOKEN_REVOKED);
            }
            return confirmed(call, account, current)
                    .compose(right -> people.hashes().apart(() -> {
                        PasswordRule.check(password, own(account));
                        return password;
                    }))
                    .compose(people.hashes()::hash)
                    .compose(hash -> people.database()
                            .inTransaction(transaction -> people.confirm(call, transaction)
                                    .compose(still -> set(
                                            call,
                                            transaction,
                                            new Set(account, hash, person.sessionId()),
                                            PersonEvents.Action.PASSWORD_CHANGE))))
                    .compose(ended -> people.endLogins().settle(ended).map(Answer.done()));
        });
    }

    /** A login is no password: guesses here are counted like those at the door. */
    private Future<Void> confirmed(PersonCall call, Account account, byte[] current) {
        PasswordGate.Subject subject = new PasswordGate.Subject(
                account.email() + " login " + call.person().sessionId(), null);
        return people.hashes()
                .checkRoom()
                .compose(room -> people.guesses().count(CountGuess.Kind.PASSWORD, subject.name()))
                .compose(counted -> people.passwords().enter(subject))
                .compose(open ->
                        people.hashes().verify(current, account.passwordHash()).map(same -> same && open))
                .compose(right -> {
                    if (!right) {
                        return refused(call);
                    }
                    return people.database()
                            .inTransaction(transaction -> people.passwords().passed(transaction, subject));
                });
    }

    private Future<Void> refused(PersonCall call) {
        PersonEvents.Event event = new PersonEvents.Event(
                call.id(),
                call.person().userId(),
                PersonEvents.Action.PASSWORD_CHANGE,
                false,
                call.person().sessionId(),
                call.address(),
                null);
        return people.events().add(event).compose(noted -> Future.failedFuture(Refusal.of(ErrorCode.PASSWORD_WRONG)));
    }

    private static List<String> own(Account account) {
        List<String> own = new ArrayList<>(List.of(account.email()));
        if (account.name() != null) {
            own.add(account.name());
        }
        return own;
    }

    private static byte[] current(Fields body) {
        byte @Nullable [] sent = body.secret("currentPassword");
        if (sent == null) {
            throw Fields.invalid("currentPassword", "is missing");
        }
        return PasswordRule.normalised(sent);
    }
}
