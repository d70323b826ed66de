package com.fyvault.members;

import static com.fyvault.support.Answers.created;
import static com.fyvault.support.Answers.isRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.platform.CanIgnoreReturnValue;
import com.fyvault.support.Answers;
import com.fyvault.support.Api;
import com.fyvault.support.TestServer;
import com.fyvault.tokens.Role;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What members may do, changed beside two running nodes: each change is seen by the very next request at either. */
class MembersIT extends MemberTest {
    private static final String VALUE = "/secrets/by-name/STRIPE/value";

    private TestServer second;
    private String billing;

    @BeforeAll
    void prepare() {
        second = server.secondNode();
        server.createSecret("STRIPE", "sk");
        billing = project("billing");
        var _ = project("search");
    }

    @AfterAll
    void stop() {
        second.close();
    }

    private List<Api> bothNodes(Person person) {
        return List.of(person.api(), person.api().at(second.url()));
    }

    @CanIgnoreReturnValue
    private JsonObject changed(Person person, JsonObject body) {
        Api.Answer answer = owner.patch(person.path(), body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.data();
    }

    @Test
    void membersAreListedWithWhatTheyMayDo() {
        Person person = person("listed@example.com", Role.DEVELOPER);
        JsonArray all = owner.get("/members").list();
        JsonObject one = all.stream()
                .map(JsonObject.class::cast)
                .filter(member -> member.getString("email").equals(person.email()))
                .findFirst()
                .orElseThrow();
        assertThat(one.getString("role")).isEqualTo("developer");
        assertThat(one.getString("status")).isEqualTo("active");
        assertThat(one.getLong("keys")).isEqualTo(1);
        assertThat(one.getBoolean("assignedOnly")).isFalse();
        assertThat(owner.get(person.path()).data()).isEqualTo(one);
        Api.Answer page = owner.get("/members?limit=1");
        assertThat(page.list()).hasSize(1);
        assertThat(owner.get("/members?limit=1000&cursor=" + page.header("x-next-cursor"))
                        .list())
                .hasSize(all.size() - 1);
    }

    @Test
    void everybodyIsToldWhatTheyMayDo() {
        Person person = person("me@example.com", Role.VIEWER);
        JsonObject me = person.api().get("/members/me").data();
        assertThat(me.getString("effectiveRole")).isEqualTo("viewer");
        assertThat(me.getJsonArray("scopes")).containsExactly("SECRETS_READ");
        assertThat(me.getJsonObject("member").getString("email")).isEqualTo(person.email());
        JsonObject mine = owner.get("/members/me").data();
        assertThat(mine.getString("effectiveRole")).isEqualTo("owner");
        assertThat(mine.getValue("reachableProjects")).isNull();
    }

    @Test
    void aChangedRoleIsSeenByTheVeryNextRequest() {
        Person person = person("next@example.com", Role.DEVELOPER);
        for (int i = 0; i < 5; i++) {
            for (Api api : bothNodes(person)) {
                assertThat(api.post("/secrets", secret("N" + i + UUID.randomUUID()))
                                .status())
                        .isEqualTo(201);
            }
            changed(person, role("viewer"));
            for (Api api : bothNodes(person)) {
                isRefused(api.post("/secrets", secret("REFUSED")), 403, "SCOPE_MISSING");
                assertThat(api.get(VALUE).status()).isEqualTo(200);
            }
            changed(person, role("developer"));
        }
    }

    @Test
    void aMemberOfAssignedProjectsSeesNoOther() {
        Person person = person("assigned@example.com", Role.MEMBER);
        assertThat(person.api().get(value("search")).status()).isEqualTo(200);
        JsonObject now = changed(
                person,
                new JsonObject().put("assignedOnly", true).put("projects", new JsonObject().put("Billing", "member")));
        assertThat(now.getJsonArray("projects"))
                .containsExactly(new JsonObject().put("projectId", billing).put("role", "member"));
        for (Api api : bothNodes(person)) {
            assertThat(api.get(value("billing")).status()).isEqualTo(200);
            isRefused(api.get(value("search")), 404, "PROJECT_NOT_FOUND");
            isRefused(api.get(VALUE), 404, "PROJECT_NOT_FOUND");
            assertThat(Answers.names(api.get("/projects"))).containsExactly("billing");
        }
        // A project less is nothing at all, not everything.
        changed(person, new JsonObject().put("projects", new JsonObject()));
        for (Api api : bothNodes(person)) {
            isRefused(api.get(value("billing")), 403, "SCOPE_MISSING");
            assertThat(api.get("/projects").list()).isEmpty();
        }
    }

    @Test
    void aRoleInAProjectMayBeMoreOrLessThanTheOneInTheOrganization() {
        Person person = person("mixed@example.com", Role.VIEWER);
        JsonObject projects = new JsonObject().put(billing, "developer");
        changed(person, new JsonObject().put("projects", projects));
        Api api = person.api();
        var _ = created(api.post("/projects/billing/secrets", secret("RAISED" + UUID.randomUUID())));
        isRefused(api.post("/projects/search/secrets", secret("NOT_HERE")), 403, "ROLE_TOO_LOW");
        isRefused(api.post("/secrets", secret("NOT_HERE")), 403, "ROLE_TOO_LOW");
        assertThat(api.get(value("search")).status()).isEqualTo(200);
        isRefused(api.get("/audit"), 403, "SCOPE_MISSING");
        JsonObject environment = new JsonObject().put("name", "canary");
        assertThat(api.post("/projects/billing/environments", environment).status())
                .isEqualTo(201);
        isRefused(api.post("/projects/search/environments", environment), 403, "ROLE_TOO_LOW");

        changed(person, role("developer").put("projects", new JsonObject().put("search", "viewer")));
        for (Api node : bothNodes(person)) {
            isRefused(node.post("/projects/search/secrets", secret("NOT_HERE")), 403, "ROLE_TOO_LOW");
            assertThat(node.get(value("search")).status()).isEqualTo(200);
            var _ = created(node.post("/secrets", secret("HERE" + UUID.randomUUID())));
        }
    }

    @Test
    void aTokenMadeByAMixedRoleSeesAndMakesNoMoreThanItsMaker() {
        Person person = person("maker@example.com", Role.VIEWER);
        changed(person, new JsonObject().put("projects", new JsonObject().put("billing", "developer")));
        JsonObject agent = new JsonObject().put("name", "child").put("scopes", new JsonArray().add("SECRETS_WRITE"));
        Api child = person.api()
                .as(created(person.api().post("/agent-credentials", agent)).getString("credential"));
        isRefused(child.post("/projects/search/secrets", secret("NOT_HERE")), 403, "ROLE_TOO_LOW");
        // It may have made keys, but it administers nobody else's.
        assertThat(person.api().get("/api-keys").list()).hasSize(1);
        assertThat(person.api().get("/agent-credentials").list()).hasSize(1);
        isRefused(person.api().delete("/api-keys/" + UUID.randomUUID()), 404, "CREDENTIAL_NOT_FOUND");
    }

    @Test
    void whoeverIsDeactivatedIsBackWithARole() {
        Person person = person("away@example.com", Role.MEMBER);
        assertThat(owner.post(person.path() + "/deactivate", new JsonObject())
                        .data()
                        .getString("status"))
                .isEqualTo("deactivated");
        for (Api api : bothNodes(person)) {
            isRefused(api.get(VALUE), 401, "TOKEN_REVOKED");
        }
        isRefused(owner.patch(person.path(), new JsonObject().put("assignedOnly", false)), 400, "INVALID_FIELD");
        changed(person, role("viewer"));
        for (Api api : bothNodes(person)) {
            assertThat(api.get(VALUE).status()).isEqualTo(200);
        }
    }

    @Test
    void removalEndsWhatTheyOwnForGood() {
        Person person = person("gone@example.com", Role.DEVELOPER);
        String session =
                created(person.api().post("/access-tokens", new JsonObject())).getString("token");
        assertThat(owner.as(session).get(VALUE).status()).isEqualTo(200);
        JsonObject gone = owner.delete(person.path()).data();
        assertThat(gone.getInteger("revoked")).isEqualTo(1);
        for (Api api : bothNodes(person)) {
            isRefused(api.get(VALUE), 401, "TOKEN_REVOKED");
            isRefused(api.as(session).get(VALUE), 401, "TOKEN_REVOKED");
        }
        isRefused(owner.get(person.path()), 404, "MEMBER_NOT_FOUND");
        isRefused(owner.patch(person.path(), role("viewer")), 404, "MEMBER_NOT_FOUND");
        assertThat(owner.get("/api-keys/" + person.keyId()).data().getBoolean("is_active"))
                .isFalse();
    }

    @Test
    void keysGoToAnotherMemberWhenTheirOwnerGoes() {
        Person heir = person("heir@example.com", Role.VIEWER);
        Person person = person("leaving@example.com", Role.DEVELOPER);
        Api another = anotherKey(person);
        String session =
                created(person.api().post("/access-tokens", new JsonObject())).getString("token");
        JsonObject gone =
                owner.delete(person.path() + "?transferTo=" + heir.id()).data();
        assertThat(gone.getInteger("transferred")).isEqualTo(2);
        assertThat(gone.getInteger("revoked")).isZero();
        for (Api api : List.of(person.api(), another, person.api().as(session))) {
            assertThat(api.get(VALUE).status()).isEqualTo(200);
            isRefused(api.post("/secrets", secret("NOT_A_VIEWER")), 403, "SCOPE_MISSING");
        }
        assertThat(owner.get("/api-keys/" + person.keyId()).data().getString("ownerUserId"))
                .isEqualTo(heir.id().toString());
        var _ = owner.delete(heir.path());
        isRefused(person.api().get(VALUE), 401, "TOKEN_REVOKED");
        isRefused(person.api().as(session).get(VALUE), 401, "TOKEN_REVOKED");
    }
}
