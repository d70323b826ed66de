package com.fyvault.people;

import com.fyvault.api.Answer;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Fields;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Sign-up. Nothing is there until the address has proved itself: what was asked for waits, sealed, behind the token
 * in the mail, and the account, the organization and its owner are made when the token comes back. So nobody can take
 * an address that is not theirs, and an address that has an account gets the same answer for the same work; its owner
 * is told by mail.
 */
final class SignUp {
    static final int LONGEST_NAME = 128;

    private final People people;
    private final Letters letters;
    private final SignUpInvited invited;

    SignUp(People people) {
        this.people = people;
        this.letters = new Letters(people.settings().url());
        this.invited = new SignUpInvited(people);
    }

    private record Wanted(Email email, @Nullable String name, String organization) {}

    /** {@code POST /auth/signup} */
    Future<Answer> signUp(PersonCall call) {
        if (call.body().has("invitation")) {
            return invited.signUp(call);
        }
        Wanted wanted = new Wanted(
                Email.in(call.body(), "email"),
                call.body().optionalText("name", LONGEST_NAME),
                call.body().text("organization", LONGEST_NAME).strip());
        byte[] password = newPassword(call.body(), "password");
        List<String> own = new ArrayList<>(List.of(wanted.email().key(), wanted.organization()));
        if (wanted.name() != null) {
            own.add(wanted.name());
        }
        return people.hashes()
                .apart(() -> {
                    PasswordRule.check(password, own);
                    return password;
                })
                .compose(people.hashes()::hash)
                .compose(hash -> people.database()
                        .inTransaction(transaction -> people.mailTokens()
                                .isFull(
                                        transaction,
                                        MailTokens.Purpose.SIGN_UP,
                                        wanted.email().key())
                                .compose(full -> full
                                        ? Future.<Void>succeededFuture()
                                        : waits(call, transaction, wanted, hash))))
                .map(done -> sent());
    }

    private Future<Void> waits(PersonCall call, Transaction transaction, Wanted wanted, String hash) {
        return people.accounts().hold(transaction, wanted.email().key()).compose(known -> {
            JsonObject payload = new JsonObject()
                    .put("mailbox", wanted.email().mailbox())
                    .put("name", wanted.name())
                    .put("organization", wanted.organization())
                    .put("passwordHash", hash);
            MailTokens.Errand errand = new MailTokens.Errand(
                    MailTokens.Purpose.SIGN_UP, wanted.email().key(), null, payload.encode());
            PersonEvents.Event event = new PersonEvents.Event(
                    call.id(),
                    known == null ? null : known.userId(),
                    PersonEvents.Action.SIGN_UP,
                    known == null,
                    null,
                    call.address(),
                    null);
            // Of a known account the token is drawn all the same, and told to nobody.
            return people.mailTokens()
                    .issue(transaction, errand)
                    .compose(token -> people.outbox()
                            .send(
                                    transaction,
                                    known == null
                                            ? letters.welcome(wanted.email().mailbox(), token)
                                            : letters.alreadyThere(known.mailbox())))
                    .compose(mailed -> people.events().add(transaction, event));
        });
    }

    /** {@code POST /auth/verify/resend}: another mail for a sign-up that waits; the same answer when none does. */
    Future<Answer> resend(PersonCall call) {
        Email email = Email.in(call.body(), "email");
        return people.database()
                .inTransaction(transaction -> people.accounts()
                        .hold(transaction, email.key())
                        .compose(known -> people.mailTokens()
                                .isFull(transaction, MailTokens.Purpose.SIGN_UP, email.key())
                                .compose(full -> full || known != null
                                        ? Future.succeededFuture(null)
                                        : people.mailTokens()
                                                .newest(transaction, MailTokens.Purpose.SIGN_UP, email.key())))
                        .compose(errand -> errand == null
                                ? Future.<Void>succeededFuture()
                                : people.mailTokens()
                                        .issue(transaction, errand)
                                        .compose(token -> people.outbox()
                                                .send(
                                                        transaction,
                                                        letters.welcome(
                                                                new JsonObject(errand.payload()).getString("mailbox"),
                                                                token)))))
                .map(done -> sent());
    }

    /**
     * {@code POST /auth/verify}: the account, its organization, and the person as its owner. Whoever reads the mail also says the
     * password of the sign-up: else somebody who signs up with the address of another would own what that one confirms.
     */
    Future<Answer> verify(PersonCall call) {
        String token = call.body().text("token", LONGEST_NAME);
        byte[] password = newPassword(call.body(), "password");
        return people.mailTokens()
                .look(MailTokens.Purpose.SIGN_UP, token)
                .compose(errand -> {
                    if (errand == null) {
                        throw Refusal.of(ErrorCode.MAIL_TOKEN_REFUSED);
                    }
                    String hash = new JsonObject(errand.payload()).getString("passwordHash");
                    return people.hashes().verify(password, hash);
                })
                .compose(same -> {
                    if (!same) {
                        throw Refusal.of(ErrorCode.MAIL_TOKEN_REFUSED);
                    }
                    return used(call, token);
                });
    }

    private Future<Answer> used(PersonCall call, String token) {
        return people.database()
                .inTransaction(transaction -> people.mailTokens()
                        .use(transaction, MailTokens.Purpose.SIGN_UP, token)
                        .compose(errand -> {
                            if (errand == null) {
                                throw Refusal.of(ErrorCode.MAIL_TOKEN_REFUSED);
                            }
                            return made(call, transaction, errand);
                        }));
    }

    private Future<Answer> made(PersonCall call, Transaction transaction, MailTokens.Errand errand) {
        JsonObject payload = new JsonObject(errand.payload());
        UUID userId = people.ids().next();
        Email email = new Email(errand.emailKey(), payload.getString("mailbox"));
        Accounts.Newcomer newcomer =
                new Accounts.Newcomer(email, payload.getString("name"), payload.getString("passwordHash"));
        PersonEvents.Event event =
                new PersonEvents.Event(call.id(), userId, PersonEvents.Action.VERIFY, true, null, call.address(), null);
        return people.accounts()
                .add(transaction, userId, newcomer)
                .compose(added -> {
                    if (!added) {
                        throw Refusal.of(ErrorCode.MAIL_TOKEN_REFUSED);
                    }
                    return people.mailTokens().useAll(transaction, MailTokens.Purpose.SIGN_UP, email.key());
                })
                .compose(used -> people.tools()
                        .bootstrap()
                        .makeOwned(transaction, payload.getString("organization"), email.key()))
                .compose(owned -> people.events()
                        .add(transaction, event)
                        .map(Answer.created(new JsonObject()
                                .put("userId", userId.toString())
                                .put("email", email.mailbox())
                                .put("orgId", owned.orgId().toString())
                                .put("org_id", owned.orgId().toString()))));
    }

    /** A new password in a body, normalised and of a good length; whether it is a common one is asked elsewhere. */
    static byte[] newPassword(Fields body, String field) {
        byte @Nullable [] sent = body.secret(field);
        if (sent == null) {
            throw Fields.invalid(field, "is missing");
        }
        byte[] password = PasswordRule.normalised(Objects.requireNonNull(sent));
        PasswordRule.checkLength(password);
        return password;
    }

    /** What everybody is answered who has asked for a mail. */
    static Answer sent() {
        return new Answer(202, new JsonObject().put("mailed", true), null, null, null);
    }
}
