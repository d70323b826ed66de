package com.fyvault.members;

import static com.fyvault.support.Answers.created;
import static com.fyvault.support.Answers.isRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Answers;
import com.fyvault.support.Api;
import com.fyvault.support.Bodies;
import com.fyvault.support.TestServer;
import com.fyvault.tokens.Role;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Teams, and what the keys that they own may do, at two nodes. */
class TeamsIT extends MemberTest {
    private TestServer second;
    private Person member;
    private Person admin;

    @BeforeAll
    void prepare() {
        second = server.secondNode();
        var _ = project("billing");
        var _ = project("search");
        member = person("member@example.com", Role.MEMBER);
        admin = person("admin@example.com", Role.ADMIN);
    }

    @AfterAll
    void stop() {
        second.close();
    }

    private String team(JsonObject body) {
        return created(server.person().post("/teams", body)).getString("teamId");
    }

    /** A key that the team owns, given to it by a member who is gone afterwards. */
    private Api keyOf(String team) {
        Person giver = person("giver." + UUID.randomUUID() + "@example.com", Role.VIEWER);
        JsonObject gone = owner.delete(giver.path() + "?transferToTeam=" + team).data();
        assertThat(gone.getInteger("transferred")).isEqualTo(1);
        return giver.api();
    }

    private static List<Integer> statuses(Api api, TestServer other, String path) {
        return List.of(api.get(path).status(), api.at(other.url()).get(path).status());
    }

    @Nested
    class Answers200 {
        @Test
        void aTeamIsMadeNamedListedAndFilled() {
            String id = team(Bodies.named("Payments").put("role", "member"));
            JsonObject renamed =
                    owner.patch("/teams/" + id, Bodies.named("Money")).data();
            assertThat(renamed.getString("name")).isEqualTo("Money");
            assertThat(renamed.getString("role")).isEqualTo("member");
            assertThat(Answers.names(owner.get("/teams"))).contains("Money");
            JsonObject in = new JsonObject().put("userId", member.id().toString());
            assertThat(owner.post("/teams/" + id + "/members", in).status()).isEqualTo(200);
            assertThat(owner.post("/teams/" + id + "/members", in).status()).isEqualTo(200);
            JsonObject seen = owner.get("/teams/" + id).data();
            assertThat(seen.getLong("members")).isEqualTo(1);
            assertThat(seen.getJsonArray("people").getJsonObject(0).getString("email"))
                    .isEqualTo(member.email());
            assertThat(owner.get(member.path()).data().getJsonArray("teams")).containsExactly(id);
            String path = "/teams/" + id + "/members/" + member.id();
            assertThat(owner.delete(path).status()).isEqualTo(200);
            isRefused(owner.delete(path), 404, "MEMBER_NOT_FOUND");
        }

        @Test
        void theRoleOfTheTeamCutsItsKeysAtOnce() {
            JsonObject billing = new JsonObject().put("billing", "developer");
            String id = team(Bodies.named("Cut").put("role", "viewer").put("projects", billing));
            Api key = keyOf(id);
            assertThat(statuses(key, second, value("billing"))).containsExactly(200, 200);
            isRefused(key.get(value("search")), 404, "PROJECT_NOT_FOUND");
            var _ = created(key.post("/projects/billing/secrets", secret("MORE" + UUID.randomUUID())));
            for (int i = 0; i < 3; i++) {
                JsonObject search = new JsonObject().put("search", "viewer");
                assertThat(owner.patch("/teams/" + id, new JsonObject().put("projects", search))
                                .status())
                        .isEqualTo(200);
                assertThat(statuses(key, second, value("billing"))).containsExactly(404, 404);
                assertThat(statuses(key, second, value("search"))).containsExactly(200, 200);
                isRefused(key.post("/projects/search/secrets", secret("NO")), 403, "SCOPE_MISSING");
                assertThat(owner.patch("/teams/" + id, new JsonObject().put("projects", billing))
                                .status())
                        .isEqualTo(200);
                assertThat(statuses(key, second, value("billing"))).containsExactly(200, 200);
            }
            JsonObject me = key.get("/members/me").data();
            assertThat(me.getString("teamId")).isEqualTo(id);
            assertThat(me.getValue("member")).isNull();
        }

        @Test
        void aDeletedTeamTakesItsKeysAlong() {
            String id = team(Bodies.named("Brief"));
            Api key = keyOf(id);
            String session =
                    created(key.post("/access-tokens", new JsonObject())).getString("token");
            assertThat(statuses(key.as(session), second, value("billing"))).containsExactly(200, 200);
            assertThat(owner.delete("/teams/" + id).data().getInteger("revoked"))
                    .isEqualTo(1);
            for (Api api : List.of(
                    key, key.as(session), key.at(second.url()), key.as(session).at(second.url()))) {
                isRefused(api.get(value("billing")), 401, "TOKEN_REVOKED");
            }
            isRefused(owner.get("/teams/" + id), 404, "TEAM_NOT_FOUND");
            // The name is free again.
            var _ = team(Bodies.named("brief"));
        }

        @Test
        void keysOfATeamGoToAMember() {
            String id = team(Bodies.named("Giving"));
            Api key = keyOf(id);
            JsonObject to = new JsonObject().put("to", member.id().toString());
            assertThat(owner.post("/teams/" + id + "/transfer", to).data().getInteger("transferred"))
                    .isEqualTo(1);
            assertThat(key.get("/members/me").data().getString("effectiveRole")).isEqualTo("member");
            assertThat(owner.delete("/teams/" + id).data().getInteger("revoked"))
                    .isZero();
            assertThat(statuses(key, second, value("billing"))).containsExactly(200, 200);
        }
    }

    @Nested
    class Refusals {
        @Test
        void aTeamIsNoOwnerAndHasAName() {
            isRefused(owner.post("/teams", Bodies.named("Lords").put("role", "owner")), 400, "INVALID_FIELD");
            isRefused(owner.post("/teams", new JsonObject()), 400, "INVALID_FIELD");
            isRefused(owner.post("/teams", Bodies.named(" ")), 400, "INVALID_FIELD");
            isRefused(owner.post("/teams", Bodies.named("x".repeat(65))), 400, "INVALID_FIELD");
            var _ = team(Bodies.named("x".repeat(64)));
        }

        /** Nobody could be asked, when it is accepted, whether they still may. */
        @Test
        void aTeamsKeyInvitesNobody() {
            Api key = keyOf(team(Bodies.named("Inviting").put("role", "admin")));
            assertThat(key.get("/invitations").status()).isEqualTo(200);
            JsonObject body = new JsonObject().put("email", "late@example.com");
            isRefused(key.post("/invitations", body), 403, "KIND_NOT_ALLOWED");
        }

        @Test
        void whoIsNoAdministratorChangesNoTeam() {
            String id = team(Bodies.named("Closed"));
            JsonObject in = new JsonObject().put("userId", member.id().toString());
            for (Api.Answer answer : List.of(
                    member.api().get("/teams"),
                    member.api().get("/teams/" + id),
                    member.api().post("/teams", Bodies.named("Mine")),
                    member.api().patch("/teams/" + id, Bodies.named("Mine")),
                    member.api().delete("/teams/" + id),
                    member.api().post("/teams/" + id + "/members", in),
                    member.api().delete("/teams/" + id + "/members/" + member.id()),
                    member.api().post("/teams/" + id + "/transfer", in))) {
                isRefused(answer, 403, "SCOPE_MISSING");
            }
            assertThat(admin.api().patch("/teams/" + id, role("viewer")).status())
                    .isEqualTo(200);
        }

        @Test
        void whatIsAbsentOrForeignIsTheSame() {
            JsonObject in = new JsonObject().put("userId", member.id().toString());
            for (String id : List.of(UUID.randomUUID().toString(), "none")) {
                for (Api.Answer answer : List.of(
                        owner.get("/teams/" + id),
                        owner.patch("/teams/" + id, Bodies.named("X")),
                        owner.delete("/teams/" + id),
                        owner.post(
                                "/teams/" + id + "/transfer",
                                new JsonObject().put("to", admin.id().toString())),
                        owner.post("/teams/" + id + "/members", in),
                        owner.delete("/teams/" + id + "/members/" + member.id()))) {
                    isRefused(answer, 404, "TEAM_NOT_FOUND");
                }
            }
            String id = team(Bodies.named("Empty"));
            in.put("userId", UUID.randomUUID().toString());
            isRefused(owner.post("/teams/" + id + "/members", in), 404, "MEMBER_NOT_FOUND");
            in.put("userId", "nobody");
            isRefused(owner.post("/teams/" + id + "/members", in), 404, "MEMBER_NOT_FOUND");
            JsonObject absent = new JsonObject().put("nowhere", "viewer");
            isRefused(owner.post("/teams", Bodies.named("Y").put("projects", absent)), 404, "PROJECT_NOT_FOUND");
        }

        @Test
        void aNameIsTakenWhateverItsCase() {
            String id = team(Bodies.named("Taken"));
            isRefused(owner.post("/teams", Bodies.named("tAKEN")), 409, "NAME_TAKEN");
            String other = team(Bodies.named("Other"));
            isRefused(owner.patch("/teams/" + other, Bodies.named("TAKEN")), 409, "NAME_TAKEN");
            assertThat(owner.patch("/teams/" + id, Bodies.named("TAKEN")).status())
                    .isEqualTo(200);
        }
    }

    @Test
    void membersOfATeamThatIsGoneAreInNone() {
        String id = team(Bodies.named("Gone"));
        JsonObject in = new JsonObject().put("userId", admin.id().toString());
        assertThat(owner.post("/teams/" + id + "/members", in).status()).isEqualTo(200);
        assertThat(owner.delete("/teams/" + id).status()).isEqualTo(200);
        assertThat(owner.get(admin.path()).data().getJsonArray("teams")).isEqualTo(new JsonArray());
    }
}
