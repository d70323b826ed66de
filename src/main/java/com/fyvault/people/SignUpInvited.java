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
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Sign-up with an invitation: the account is made at once, for the token has come back from the address already, and is a
 * member of that organization and owns none. Whether there is an account of an address is told to nobody but to who holds
 * an invitation that was mailed there.
 */
final class SignUpInvited {
    private static final int LONGEST_TOKEN = 128;

    private final People people;

    SignUpInvited(People people) {
        this.people = people;
    }

    /** {@code POST /auth/signup} with {@code invitation} in the place of {@code organization}. */
    Future<Answer> signUp(PersonCall call) {
        Fields body = call.body();
        if (body.has("organization")) {
            throw Fields.invalid("organization", "is not taken with an invitation");
        }
        Email email = Email.in(body, "email");
        @Nullable String name = body.optionalText("name", SignUp.LONGEST_NAME);
        String token = body.text("invitation", LONGEST_TOKEN);
        byte[] password = SignUp.newPassword(body, "password");
        List<String> own = new ArrayList<>(List.of(email.key()));
        if (name != null) {
            own.add(name);
        }
        return people.invited()
                .find(token, email)
                .compose(place -> people.hashes()
                        .apart(() -> {
                            PasswordRule.check(password, own);
                            return password;
                        })
                        .compose(people.hashes()::hash)
                        // What is mailed from now on goes where the invitation went, however the address was written
                        // here.
                        .map(hash -> new Accounts.Newcomer(new Email(email.key(), place.mailbox()), name, hash))
                        .compose(newcomer -> people.database()
                                .inTransaction(transaction -> made(call, transaction, newcomer, place))));
    }

    private Future<Answer> made(
            PersonCall call, Transaction transaction, Accounts.Newcomer newcomer, Invited.Place place) {
        UUID userId = people.ids().next();
        Email email = newcomer.email();
        PersonEvents.Event event = new PersonEvents.Event(
                call.id(), userId, PersonEvents.Action.SIGN_UP, true, null, call.address(), null);
        return people.accounts()
                .add(transaction, userId, newcomer)
                .compose(added -> {
                    if (!added) {
                        throw Refusal.of(ErrorCode.ACCOUNT_EXISTS);
                    }
                    return people.mailTokens().useAll(transaction, MailTokens.Purpose.SIGN_UP, email.key());
                })
                .compose(used -> place.take(transaction, userId, call))
                .compose(taken -> people.events().add(transaction, event))
                .map(noted -> Answer.created(new JsonObject()
                        .put("userId", userId.toString())
                        .put("email", email.mailbox())
                        .put("orgId", place.orgId().toString())
                        .put("org_id", place.orgId().toString())));
    }
}
