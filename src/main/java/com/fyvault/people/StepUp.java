package com.fyvault.people;

import com.fyvault.api.Cookies;
import com.fyvault.api.LoginToken;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;

/**
 * Notes that a second factor was confirmed in a login that goes on. A browser's login goes on under another cookie,
 * so that one which leaked before is worth nothing now; a program keeps its token, for it has nowhere to be sent
 * another.
 */
public final class StepUp {
    private final People people;

    StepUp(People people) {
        this.people = people;
    }

    /**
     * A factor that was confirmed.
     *
     * @param at by the database's clock, which is the one that says when it is over
     * @param factor its name, for the record
     */
    public record Confirmed(Instant at, String factor) {}

    /** To be settled after the commit: what the login had under its former cookie has ended. */
    public Future<EndLogins.Ended> confirmed(PersonCall call, Transaction transaction, Confirmed confirmed) {
        Person person = call.person();
        Instant now = confirmed.at();
        EndLogins.Ended ended = new EndLogins.Ended();
        return people.sessions()
                .holdLive(transaction, person.userId(), person.sessionId())
                .map(StepUp::one)
                .compose(session -> {
                    if (!session.cookie()) {
                        return people.sessions().change(transaction, session.steppedUp(session.token(), now));
                    }
                    LoginToken rotated = people.tokens().cookie();
                    call.addCookie(Cookies.set(
                            LoginToken.COOKIE, rotated.text(), people.settings().life()));
                    return people.endLogins()
                            .leave(transaction, List.of(session.id()), ended)
                            .compose(left -> people.sessions().forgetEntries(transaction, session.id()))
                            .compose(forgotten ->
                                    people.sessions().change(transaction, session.steppedUp(rotated.hash(), now)));
                })
                .compose(changed -> people.events()
                        .add(
                                transaction,
                                new PersonEvents.Event(
                                        call.id(),
                                        person.userId(),
                                        PersonEvents.Action.STEP_UP,
                                        true,
                                        person.sessionId(),
                                        call.address(),
                                        new JsonObject().put("factor", confirmed.factor()))))
                .map(ended);
    }

    private static LoginSession one(List<LoginSession> live) {
        if (live.isEmpty()) {
            throw Refusal.of(ErrorCode.TOKEN_REVOKED, "The login has ended");
        }
        return live.get(0);
    }
}
