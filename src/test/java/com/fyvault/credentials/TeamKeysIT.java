package com.fyvault.credentials;

import static com.fyvault.support.Answers.created;
import static com.fyvault.support.Answers.isRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.bootstrap.Bootstrap;
import com.fyvault.support.Api;
import com.fyvault.support.ServerTest;
import com.fyvault.support.TestPeople;
import com.fyvault.tokens.Role;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Keys that a team owns: who makes them, what cuts them, and what they outlive. */
class TeamKeysIT extends ServerTest {
    private static final String VALUE = "/secrets/by-name/HELD/value";

    private final AtomicInteger count = new AtomicInteger();
    private TestPeople people;
    private String hash;

    private record Someone(UUID id, Api api) {}

    @BeforeAll
    void prepare() {
        people = new TestPeople(server);
        hash = TestPeople.hash();
        server.createSecret("HELD", "value");
    }

    /** Somebody who has just confirmed their second factor. */
    private Someone member(UUID org, Role role) {
        String email = "t" + count.incrementAndGet() + "@teams.example";
        UUID id = people.plant(email, hash);
        people.join(id, org, role);
        String token = people.login(email);
        people.plantFactor(id);
        people.stepUp(token, java.time.Duration.ZERO);
        return new Someone(id, server.api(token));
    }

    private Someone member(Role role) {
        return member(server.orgId(), role);
    }

    private String team(String role, Someone... inside) {
        JsonObject team =
                new JsonObject().put("name", "team" + count.incrementAndGet()).put("role", role);
        String id = created(server.person().post("/teams", team)).getString("teamId");
        for (Someone someone : inside) {
            JsonObject body = new JsonObject().put("userId", someone.id().toString());
            assertThat(owner.post("/teams/" + id + "/members", body).status()).isEqualTo(200);
        }
        return id;
    }

    private static String keys(String team) {
        return "/teams/" + team + "/api-keys";
    }

    private static String direct(String team) {
        return "//api/v1" + keys(team);
    }

    private static JsonObject reader() {
        return TestKeys.scopes("SECRETS_READ").put("label", "of the team");
    }

    @Test
    void theTeamOwnsTheKeyAndItOutlivesWhoMadeIt() {
        Someone ada = member(Role.DEVELOPER);
        String team = team("developer", ada);
        JsonObject made = created(ada.api().post(keys(team), reader()));
        assertThat(made.getString("owner_team_id")).isEqualTo(team);
        assertThat(made.getString("owner_user_id")).isNull();
        assertThat(made.getString("created_by")).isEqualTo("user:" + ada.id());
        Api holder = server.api(made.getString("token"));
        assertThat(holder.get(VALUE).status()).isEqualTo(200);
        assertThat(owner.delete("/members/" + ada.id()).status()).isEqualTo(200);
        assertThat(holder.get(VALUE).status()).isEqualTo(200);
        assertThat(owner.patch("/teams/" + team, new JsonObject().put("role", "viewer"))
                        .status())
                .isEqualTo(200);
        assertThat(holder.get(VALUE).status()).isEqualTo(200);
        assertThat(owner.delete("/teams/" + team).data().getInteger("revoked")).isEqualTo(1);
        isRefused(holder.get(VALUE), 401, "TOKEN_REVOKED");
    }

    @Test
    void bothNamesOfThePathAreOneRoute() {
        Someone ada = member(Role.DEVELOPER);
        String team = team("developer", ada);
        JsonObject made = created(ada.api().post(direct(team), reader()));
        String id = made.getString("id");
        for (String path : List.of(keys(team), direct(team))) {
            assertThat(ada.api().get(path).list()).hasSize(1);
            assertThat(ada.api().get(path + "/" + id).data().getString("owner_team_id"))
                    .isEqualTo(team);
            assertThat(owner.get(path + "/" + id).status()).isEqualTo(200);
        }
        assertThat(ada.api()
                        .patch(direct(team) + "/" + id, new JsonObject().put("label", "renamed"))
                        .data()
                        .getString("label"))
                .isEqualTo("renamed");
        JsonObject rolled = ada.api()
                .post(direct(team) + "/" + id + "/roll", new JsonObject())
                .data();
        isRefused(server.api(made.getString("token")).get(VALUE), 401, "TOKEN_INVALID");
        Api holder = server.api(rolled.getString("token"));
        assertThat(holder.get(VALUE).status()).isEqualTo(200);
        assertThat(ada.api().delete(direct(team) + "/" + id).status()).isEqualTo(200);
        isRefused(holder.get(VALUE), 401, "TOKEN_REVOKED");
    }

    @Test
    void whoIsNotInTheTeamMakesWidensAndRollsNoneOfItsKeys() {
        Someone ada = member(Role.DEVELOPER);
        Someone outside = member(Role.DEVELOPER);
        String team = team("developer", ada);
        String key =
                keys(team) + "/" + created(ada.api().post(keys(team), reader())).getString("id");
        isRefused(outside.api().post(keys(team), reader()), 403, "NOT_KEY_OWNER");
        isRefused(outside.api().post(key + "/roll", new JsonObject()), 403, "NOT_KEY_OWNER");
        JsonObject wider = TestKeys.scopes("SECRETS_READ", "SECRETS_WRITE");
        isRefused(outside.api().patch(key, wider), 403, "NOT_KEY_OWNER");
        assertThat(outside.api()
                        .patch(key, new JsonObject().put("label", "renamed"))
                        .status())
                .isEqualTo(200);
        assertThat(ada.api().patch(key, wider).status()).isEqualTo(200);
        // An admin could put themselves into the team.
        assertThat(member(Role.ADMIN)
                        .api()
                        .post(key + "/roll", new JsonObject())
                        .status())
                .isEqualTo(200);
        isRefused(owner.post(keys(team), reader()), 403, "PERSON_REQUIRED");
    }

    /** The team may do more than some who are in it: they take from its keys, and neither widen nor roll them. */
    @Test
    void nobodyRollsAKeyOfTheirTeamThatIsStrongerThanThey() {
        Someone admin = member(Role.ADMIN);
        Someone ada = member(Role.DEVELOPER);
        String team = team("admin", admin, ada);
        JsonObject strong = TestKeys.scopes("SECRETS_READ", "ORG_ADMIN")
                .put("label", "strong")
                .put("expiresInDays", 30);
        String key =
                keys(team) + "/" + created(admin.api().post(keys(team), strong)).getString("id");
        isRefused(ada.api().post(key + "/roll", new JsonObject()), 403, "EXCEEDS_PARENT");
        isRefused(ada.api().patch(key, new JsonObject().put("expiresInDays", 60)), 403, "EXCEEDS_PARENT");
        assertThat(admin.api().post(key + "/roll", new JsonObject()).status()).isEqualTo(200);
        assertThat(ada.api().patch(key, TestKeys.scopes("SECRETS_READ")).status())
                .isEqualTo(200);
        assertThat(ada.api().post(key + "/roll", new JsonObject()).status()).isEqualTo(200);
    }

    @Test
    void whoDevelopsInOneProjectRollsNoKeyOfTheirTeamThatSeesMore() {
        var _ = created(owner.post("/projects", new JsonObject().put("name", "shipping")));
        Someone all = member(Role.DEVELOPER);
        Someone ada = member(Role.VIEWER);
        JsonObject there = new JsonObject().put("projects", new JsonObject().put("shipping", "developer"));
        assertThat(owner.patch("/members/" + ada.id(), there).status()).isEqualTo(200);
        String team = team("developer", all, ada);
        String key =
                keys(team) + "/" + created(all.api().post(keys(team), reader())).getString("id");
        isRefused(ada.api().post(key + "/roll", new JsonObject()), 403, "ROLE_TOO_LOW");
        assertThat(all.api().post(key + "/roll", new JsonObject()).status()).isEqualTo(200);
    }

    @Test
    void beingInATeamMakesNobodyADeveloper() {
        Someone viewer = member(Role.VIEWER);
        String team = team("developer", viewer);
        isRefused(viewer.api().post(keys(team), reader()), 403, "SCOPE_MISSING");
    }

    /** Who develops in one project only sees of the organization's keys their own, and those of a team that they are in. */
    @Test
    void whoDevelopsInOneProjectSeesAndMakesKeysOfTheirTeam() {
        var _ = created(owner.post("/projects", new JsonObject().put("name", "billing")));
        Someone ada = member(Role.VIEWER);
        JsonObject there = new JsonObject().put("projects", new JsonObject().put("billing", "developer"));
        assertThat(owner.patch("/members/" + ada.id(), there).status()).isEqualTo(200);
        String team = team("developer", ada);
        isRefused(ada.api().post(keys(team), reader()), 403, "ROLE_TOO_LOW");
        JsonObject body = reader().put("projects", new JsonArray().add("billing"));
        JsonObject made = created(ada.api().post(keys(team), body));
        assertThat(ada.api().get(keys(team)).list()).hasSize(1);
        String key = keys(team) + "/" + made.getString("id");
        assertThat(ada.api().post(key + "/roll", new JsonObject()).status()).isEqualTo(200);
        String others = team("developer", member(Role.DEVELOPER));
        assertThat(ada.api().get(keys(others)).list()).isEmpty();
        assertThat(ada.api().delete(key).status()).isEqualTo(200);
    }

    @Test
    void whoDevelopsInOneProjectPagesThroughTheirKeysToTheEnd() {
        var _ = created(owner.post("/projects", new JsonObject().put("name", "paging")));
        Someone ada = member(Role.VIEWER);
        JsonObject there = new JsonObject().put("projects", new JsonObject().put("paging", "developer"));
        assertThat(owner.patch("/members/" + ada.id(), there).status()).isEqualTo(200);
        for (int i = 0; i < 3; i++) {
            var _ = created(ada.api().post("/api-keys", reader().put("projects", new JsonArray().add("paging"))));
        }
        Api.Answer first = ada.api().get("/api-keys?limit=2");
        assertThat(first.list()).hasSize(2);
        Api.Answer next = ada.api().get("/api-keys?limit=2&cursor=" + first.header("x-next-cursor"));
        assertThat(next.list()).hasSize(1);
        assertThat(next.header("x-next-cursor")).isEmpty();
    }

    @Test
    void theRoleOfTheTeamCutsTheKey() {
        Someone ada = member(Role.DEVELOPER);
        String team = team("viewer", ada);
        JsonObject made = created(ada.api()
                .post(
                        keys(team),
                        TestKeys.scopes("SECRETS_READ", "SECRETS_WRITE").put("label", "cut")));
        Api holder = server.api(made.getString("token"));
        assertThat(holder.get(VALUE).status()).isEqualTo(200);
        JsonObject secret = new JsonObject().put("name", "NEW").put("value", "v");
        isRefused(holder.post("/secrets", secret), 403, "SCOPE_MISSING");
    }

    @Test
    void theKeyOfOneTeamIsAbsentInAnother() {
        Someone ada = member(Role.DEVELOPER);
        String first = team("developer", ada);
        String second = team("developer", ada);
        String id = created(ada.api().post(keys(first), reader())).getString("id");
        for (String path : List.of(keys(second), direct(second))) {
            assertThat(ada.api().get(path).list()).isEmpty();
            isRefused(ada.api().get(path + "/" + id), 404, "CREDENTIAL_NOT_FOUND");
            isRefused(ada.api().post(path + "/" + id + "/roll", new JsonObject()), 404, "CREDENTIAL_NOT_FOUND");
            isRefused(ada.api().delete(path + "/" + id), 404, "CREDENTIAL_NOT_FOUND");
        }
    }

    @Test
    void aTeamOfAnotherOrganizationIsAbsent() {
        Bootstrap.Made other = server.anotherOrg();
        Api theirs = server.api(other.key().exposeText()).in(other.orgId().toString());
        String team = created(theirs.post("/teams", new JsonObject().put("name", "theirs")))
                .getString("teamId");
        Someone ada = member(Role.OWNER);
        for (String absent : List.of(team, UUID.randomUUID().toString(), "x")) {
            for (String path : List.of(keys(absent), direct(absent))) {
                isRefused(ada.api().get(path), 404, "TEAM_NOT_FOUND");
                isRefused(ada.api().post(path, reader()), 404, "TEAM_NOT_FOUND");
                isRefused(owner.get(path), 404, "TEAM_NOT_FOUND");
            }
        }
    }
}
