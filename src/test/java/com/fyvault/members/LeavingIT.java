package com.fyvault.members;

import static com.fyvault.support.Answers.created;
import static com.fyvault.support.Answers.isRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.Browser;
import com.fyvault.support.Lane;
import com.fyvault.support.TestPeople;
import com.fyvault.support.TestServer;
import com.fyvault.tokens.Role;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** DELETE /auth/me/orgs/{org}: somebody leaves an organization. */
class LeavingIT extends MemberTest {
    private static final String VALUE = "/secrets/by-name/STRIPE/value";

    private TestServer second;
    private TestPeople people;
    private String hash;

    @Override
    protected Map<String, String> settings() {
        return Map.of("people.logins.minute", "0", "people.mails.minute", "0");
    }

    @BeforeAll
    void prepare() {
        second = server.secondNode();
        people = new TestPeople(server);
        hash = TestPeople.hash();
        server.createSecret("STRIPE", "sk");
    }

    @AfterAll
    void stop() {
        second.close();
    }

    private UUID member(String email, Role role) {
        UUID id = people.plant(email, hash);
        people.join(id, server.orgId(), role);
        return id;
    }

    private static Api.Answer leave(Api api, Object org) {
        return api.delete("//api/v1/auth/me/orgs/" + org);
    }

    @Test
    void whoLeavesIsOutEverywhereAtOnceWithAllTheyOwn() {
        UUID id = member("ada@example.com", Role.DEVELOPER);
        UUID other = server.anotherOrg().orgId();
        people.join(id, other, Role.VIEWER);
        Api login = server.api(people.login("ada@example.com"));
        JsonObject made = server.key(new JsonObject().put("label", "theirs"));
        handTo(id, made.getString("id"));
        Api key = owner.as(made.getString("key"));
        Api session =
                owner.as(created(key.post("/access-tokens", new JsonObject())).getString("token"));
        List<Api> all =
                List.of(login, login.at(second.url()), key, key.at(second.url()), session, session.at(second.url()));
        all.forEach(api -> assertThat(api.value("STRIPE")).isEqualTo("sk"));

        Api.Answer left = leave(login, server.orgId());
        assertThat(left.status()).as(left.text()).isEqualTo(200);
        assertThat(left.data().getString("orgId")).isEqualTo(server.orgId().toString());
        assertThat(left.data().getInteger("revoked")).isEqualTo(1);
        all.subList(0, 2).forEach(api -> isRefused(api.get(VALUE), 404, "ORG_NOT_FOUND"));
        all.subList(2, 6).forEach(api -> isRefused(api.get(VALUE), 401, "TOKEN_REVOKED"));

        // The login goes on where they still are, at both nodes, though the epoch of that organization is far behind.
        for (Api api : all.subList(0, 2)) {
            Api.Answer elsewhere = api.in(other.toString()).get("/secrets");
            assertThat(elsewhere.status()).as(elsewhere.text()).isEqualTo(200);
        }
        assertThat(login.get("//api/v1/auth/me/orgs").list()).hasSize(1);
        assertThat(owner.get("/members").list().encode()).doesNotContain(id.toString());
        isRefused(leave(login, server.orgId()), 404, "ORG_NOT_FOUND");
        JsonObject record =
                owner.get("/audit?action=member.leave&limit=1").list().getJsonObject(0);
        assertThat(record.getJsonObject("details").getString("user_id")).isEqualTo(id.toString());
        assertThat(record.getJsonObject("details").getString("from")).isEqualTo("developer");
        assertThat(record.getString("address")).isEqualTo("127.0.0.1");
        assertThat(owner.get("/activity?limit=1").list().getJsonObject(0).getString("action"))
                .isEqualTo("member.leave");
    }

    /** The other node may learn of it from its own read, and is to tell the same. */
    @Test
    void theNodeThatLearnsOfItByAReadSaysTheSame() {
        for (int round = 0; round < Lane.count(200, 20); round++) {
            String email = "round" + round + "@example.com";
            UUID id = member(email, Role.DEVELOPER);
            Api there = server.api(people.login(email)).at(second.url());
            assertThat(there.value("STRIPE")).isEqualTo("sk");
            Api.Answer removed = owner.delete("/members/" + id);
            assertThat(removed.status()).as(removed.text()).isEqualTo(200);
            isRefused(there.get(VALUE), 404, "ORG_NOT_FOUND");
        }
    }

    @Test
    void theLastOwnerStays() {
        String org = people.signUp("only@example.com", "Only");
        Api login = server.api(people.login("only@example.com")).in(org);
        isRefused(leave(login, org), 409, "LAST_OWNER");
        assertThat(login.get("/members").list()).hasSize(1);
        JsonObject record = login.get("/audit?action=member.leave&outcome=refused&limit=1")
                .list()
                .getJsonObject(0);
        assertThat(record.getJsonObject("details").getString("code")).isEqualTo("LAST_OWNER");
        assertThat(record.getJsonObject("details").getString("user_id"))
                .isEqualTo(login.get("//api/v1/users/me").data().getString("userId"));
        assertThat(record.getString("address")).isEqualTo("127.0.0.1");
        people.join(people.plant("second@example.com", hash), UUID.fromString(org), Role.OWNER);
        assertThat(leave(login, org).status()).isEqualTo(200);
        isRefused(leave(server.api(people.login("second@example.com")), org), 409, "LAST_OWNER");
    }

    @Test
    void anOrganizationOfOthersIsLikeNone() {
        UUID _ = member("stray@example.com", Role.MEMBER);
        Api login = server.api(people.login("stray@example.com"));
        UUID other = server.anotherOrg().orgId();
        isRefused(leave(login, other), 404, "ORG_NOT_FOUND");
        isRefused(leave(login, UUID.randomUUID()), 404, "ORG_NOT_FOUND");
        isRefused(leave(login, "x"), 404, "ORG_NOT_FOUND");
        assertThat(login.get("/members/me").status()).isEqualTo(200);
    }

    @Test
    void noKeyThrowsOutItsOwner() {
        Person person = person("kept@example.com", Role.ADMIN);
        isRefused(leave(person.api(), server.orgId()), 403, "KIND_NOT_ALLOWED");
        isRefused(leave(server.api(null), server.orgId()), 401, "TOKEN_MISSING");
        assertThat(person.api().get("/members/me").status()).isEqualTo(200);
    }

    @Test
    void whoCannotComeInMayGo() {
        UUID _ = member("without@example.com", Role.VIEWER);
        Browser browser = people.browser("without@example.com");
        String path = "/auth/me/orgs/" + server.orgId();
        assertThat(owner.patch("/policy", new JsonObject().put("requireSecondFactor", true))
                        .status())
                .isEqualTo(200);
        isRefused(browser.ask("GET", "/orgs/" + server.orgId() + "/secrets", null), 403, "SECOND_FACTOR_REQUIRED");
        isRefused(browser.send("DELETE", path, null, "sec-fetch-site", "cross-site"), 403, "CROSS_SITE");
        assertThat(browser.ask("DELETE", path, null).status()).isEqualTo(200);
        assertThat(owner.patch("/policy", new JsonObject().put("requireSecondFactor", false))
                        .status())
                .isEqualTo(200);
        isRefused(browser.ask("GET", "/orgs/" + server.orgId() + "/secrets", null), 404, "ORG_NOT_FOUND");
    }
}
