package com.fyvault.people;

import com.fyvault.api.Answer;
import com.fyvault.api.Cookies;
import com.fyvault.api.LoginToken;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.UUID;
import java.util.function.Function;

/** A person's logins: who they are, where they are logged in, and the end of it. */
final class MyLogins {
    private final People people;

    MyLogins(People people) {
        this.people = people;
    }

    /** {@code GET /users/me} */
    Future<Answer> me(PersonCall call) {
        Person person = call.person();
        return people.accounts().find(person.userId()).map(account -> {
            if (account == null) {
                throw Refusal.of(ErrorCode.TOKEN_REVOKED);
            }
            return Answer.ok(PersonView.of(account)
                    .put("sessionId", person.sessionId().toString())
                    .put("signedInAt", person.signedInAt().toString())
                    .put(
                            "steppedUpAt",
                            person.steppedUpAt() == null
                                    ? null
                                    : person.steppedUpAt().toString()));
        });
    }

    /** {@code GET /users/me/sessions} */
    Future<Answer> list(PersonCall call) {
        UUID current = call.person().sessionId();
        return people.sessions().live(call.person().userId()).map(live -> {
            JsonArray shown = new JsonArray();
            live.forEach(session -> shown.add(PersonView.of(session, current)));
            return Answer.ok(shown);
        });
    }

    /** {@code DELETE /users/me/sessions/{session}} */
    Future<Answer> end(PersonCall call) {
        UUID id = call.id("session", ErrorCode.LOGIN_NOT_FOUND);
        UUID userId = call.person().userId();
        return ended(call, transaction -> people.endLogins().one(transaction, userId, id))
                .map(ended -> {
                    if (ended.logins() == 0) {
                        throw Refusal.of(ErrorCode.LOGIN_NOT_FOUND);
                    }
                    return Answer.done();
                });
    }

    /** {@code POST /auth/logout} */
    Future<Answer> logout(PersonCall call) {
        Person person = call.person();
        return ended(call, transaction -> people.endLogins().one(transaction, person.userId(), person.sessionId()))
                .map(ended -> out(call));
    }

    /** {@code POST /auth/logout-everywhere} */
    Future<Answer> logoutEverywhere(PersonCall call) {
        return ended(
                        call,
                        transaction -> people.endLogins()
                                .allBut(transaction, call.person().userId(), null))
                .map(ended -> out(call));
    }

    private static Answer out(PersonCall call) {
        if (call.person().cookie()) {
            call.addCookie(Cookies.clear(LoginToken.COOKIE));
        }
        return Answer.done();
    }

    private Future<EndLogins.Ended> ended(PersonCall call, Function<Transaction, Future<EndLogins.Ended>> ending) {
        return people.database()
                .inTransaction(transaction -> ending.apply(transaction)
                        .compose(ended -> people.events()
                                .add(
                                        transaction,
                                        new PersonEvents.Event(
                                                call.id(),
                                                call.person().userId(),
                                                PersonEvents.Action.LOGOUT,
                                                ended.logins() > 0,
                                                call.person().sessionId(),
                                                call.address(),
                                                new JsonObject().put("logins", ended.logins())))
                                .map(ended)))
                .compose(ended -> people.endLogins().settle(ended).map(ended));
    }
}
