package com.fyvault.people;

import com.fyvault.api.Answer;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** The organizations of a person, and another one. */
final class MyOrganizations {
    private static final int LONGEST_NAME = 128;

    private final People people;
    private final Memberships memberships;

    MyOrganizations(People people, Memberships memberships) {
        this.people = people;
        this.memberships = memberships;
    }

    /** {@code GET /auth/me/orgs} */
    Future<Answer> list(PersonCall call) {
        return memberships.of(call.person().userId()).map(found -> {
            JsonArray shown = new JsonArray();
            found.forEach(one -> shown.add(new JsonObject()
                    .put("id", one.orgId().toString())
                    .put("org_id", one.orgId().toString())
                    .put("name", one.name())
                    .put("slug", one.slug())
                    .put("role", one.role().text())));
            return Answer.ok(shown);
        });
    }

    /** {@code POST /orgs}: the person owns it. Of many at once each counts what the one before has made. */
    Future<Answer> create(PersonCall call) {
        Person person = call.person();
        String name = call.body().text("name", LONGEST_NAME).strip();
        return people.database()
                .inTransaction(transaction -> people.confirm(call, transaction)
                        .compose(still -> people.accounts().hold(transaction, person.userId()))
                        .compose(held -> memberships.countOwned(transaction, person.userId()))
                        .compose(owned -> {
                            if (owned >= Memberships.MOST_OWNED) {
                                throw Refusal.of(
                                        ErrorCode.LIMIT_REACHED,
                                        "A person owns at most " + Memberships.MOST_OWNED + " organizations");
                            }
                            return people.tools().bootstrap().makeOwned(transaction, name, person.email());
                        })
                        .compose(made -> people.events()
                                .add(
                                        transaction,
                                        new PersonEvents.Event(
                                                call.id(),
                                                person.userId(),
                                                PersonEvents.Action.ORG_CREATE,
                                                true,
                                                person.sessionId(),
                                                call.address(),
                                                new JsonObject()
                                                        .put(
                                                                "orgId",
                                                                made.orgId().toString())))
                                .map(Answer.created(new JsonObject()
                                        .put("id", made.orgId().toString())
                                        .put("org_id", made.orgId().toString())
                                        .put("name", name)
                                        .put("role", "owner")))));
    }
}
