package com.fyvault.people;

import static com.fyvault.support.Answers.isRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Answers;
import com.fyvault.support.Api;
import com.fyvault.support.Browser;
import com.fyvault.support.ServerTest;
import com.fyvault.support.TestPeople;
import com.fyvault.support.TestServer;
import com.fyvault.tokens.Role;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a login may do, and where. */
class LoginsIT extends ServerTest {
    private TestPeople people;
    private String hash;
    private int count;

    @Override
    protected Map<String, String> settings() {
        return Map.of("people.mails.minute", "0", "people.logins.minute", "0");
    }

    @BeforeAll
    void meet() {
        people = new TestPeople(server);
        hash = TestPeople.hash();
        server.createSecret("SHARED", "shared value");
    }

    /** A member of the organization; their address. */
    private String member(Role role) {
        String email = "person" + count++ + "@example.com";
        people.join(people.plant(email, hash), server.orgId(), role);
        return email;
    }

    private Api api(String token) {
        return server.api(token);
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class InAnOrganization {
        @Test
        void anOwnerWhoIsLoggedInDoesWhatTheirKeyDoes() {
            Api ada = api(people.login(member(Role.OWNER)));
            assertThat(ada.value("SHARED")).isEqualTo("shared value");
            JsonObject secret = Answers.created(ada.post(
                    "/secrets", new JsonObject().put("name", "BY_LOGIN").put("value", "v1")));
            assertThat(ada.get("/secrets/" + secret.getString("id") + "/value").status())
                    .isEqualTo(200);
            assertThat(ada.get("/secrets").status()).isEqualTo(200);
            assertThat(ada.get("/audit").status()).isEqualTo(200);
            assertThat(ada.get("").status()).isEqualTo(200);
            assertThat(ada.get("/api-keys").status()).isEqualTo(200);
            isRefused(ada.post("/api-keys", new JsonObject().put("label", "x")), 403, "SECOND_FACTOR_REQUIRED");
        }

        @Test
        void theRoleCutsTheLoginAtOnce() {
            String email = member(Role.DEVELOPER);
            Api ada = api(people.login(email));
            assertThat(ada.value("SHARED")).isEqualTo("shared value");
            JsonObject body = new JsonObject().put("name", "ROLE").put("value", "x");
            var _ = TestServer.await(server.operator().standings().setRole(server.orgId(), email, Role.VIEWER));
            isRefused(ada.post("/secrets", body), 403, "SCOPE_MISSING");
            assertThat(ada.value("SHARED")).isEqualTo("shared value");
            var _ = TestServer.await(server.operator().standings().setRole(server.orgId(), email, Role.NONE));
            isRefused(ada.get("/secrets"), 404, "ORG_NOT_FOUND");
            isRefused(ada.get("/secrets/by-name/SHARED/value"), 404, "ORG_NOT_FOUND");
        }

        @Test
        void anOrganizationOfOthersAndOneThatIsNotThereAreTheSame() {
            Api ada = api(people.login(member(Role.OWNER)));
            String foreign = server.anotherOrg().orgId().toString();
            for (String path : new String[] {"/secrets", "", "/secrets/by-name/SHARED/value"}) {
                Api.Answer theirs = ada.in(foreign).get(path);
                Api.Answer nobodys = ada.in(UUID.randomUUID().toString()).get(path);
                isRefused(theirs, 404, "ORG_NOT_FOUND");
                isRefused(nobodys, 404, "ORG_NOT_FOUND");
                isRefused(ada.in("not-an-id").get(path), 404, "ORG_NOT_FOUND");
            }
        }

        @Test
        void aCookieReadsAndWritesToo() {
            Browser ada = people.browser(member(Role.OWNER));
            String org = "/orgs/" + server.orgId();
            Api.Answer value = ada.ask("GET", org + "/secrets/by-name/SHARED/value", null);
            assertThat(value.data().getString("value")).isEqualTo("shared value");
            Answers.created(ada.ask(
                    "POST",
                    org + "/secrets",
                    new JsonObject().put("name", "BY_COOKIE").put("value", "v")));
        }

        @Test
        void whatALoginMintsIsOverWithIt() {
            String token = people.login(member(Role.DEVELOPER));
            String minted = Answers.created(api(token).post("/access-tokens", new JsonObject()))
                    .getString("token");
            assertThat(api(minted).value("SHARED")).isEqualTo("shared value");
            assertThat(api(token).send("POST", "//api/v1/auth/logout", "{}").status())
                    .isEqualTo(200);
            isRefused(api(minted).get("/secrets"), 401, "TOKEN_REVOKED");
        }

        @Test
        void whatIsMadeToLastFollowsItsOwnerAndNotTheLogin() {
            String email = member(Role.DEVELOPER);
            String token = people.login(email);
            JsonObject wanted = new JsonObject()
                    .put("name", "assistant")
                    .put("agentType", "ai_assistant")
                    .put("scopes", new JsonArray().add("secrets:read"));
            people.stepUp(token, Duration.ZERO);
            Api.Answer made = api(token).post("/agent-credentials", wanted);
            String agent = Answers.created(made).getString("credential");
            assertThat(api(token).send("POST", "//api/v1/auth/logout", "{}").status())
                    .isEqualTo(200);
            assertThat(api(agent).value("SHARED")).isEqualTo("shared value");
            var _ = TestServer.await(server.operator().standings().setRole(server.orgId(), email, Role.NONE));
            isRefused(api(agent).get("/secrets"), 401, "TOKEN_REVOKED");
        }

        @Test
        void theTrailNamesThePerson() {
            String email = member(Role.OWNER);
            assertThat(api(people.login(email)).value("SHARED")).isEqualTo("shared value");
            String trail = owner.get("/audit?limit=20").text();
            assertThat(trail).contains("\"kind\":\"login\"", email, "login.begin");
        }
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class Refusals {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "//api/v1/users/me",
                    "//api/v1/users/me/sessions",
                    "//api/v1/auth/me/orgs",
                    "/secrets",
                    "/secrets/by-name/SHARED/value",
                })
        void aTokenThatWasTamperedWith(String path) {
            String token = people.login(member(Role.OWNER));
            String[] parts = token.split("\\.", -1);
            String flipped =
                    parts[2].substring(0, 10) + (parts[2].charAt(10) == 'A' ? 'B' : 'A') + parts[2].substring(11);
            for (String forged : new String[] {
                parts[0] + "." + parts[1] + "." + flipped,
                parts[0] + "." + parts[1] + ".",
                "eyJhbGciOiJub25lIn0." + parts[1] + ".",
                "e",
                "ey" + "A".repeat(2_000),
                token + "é",
            }) {
                isRefused(api(forged).get(path), 401, "TOKEN_INVALID");
            }
            isRefused(server.api(null).get(path), 401, "TOKEN_MISSING");
        }

        @Test
        void aKeyIsNoPerson() {
            for (String path : new String[] {"users/me", "users/me/sessions", "auth/me/orgs"}) {
                isRefused(owner.get("//api/v1/" + path), 403, "KIND_NOT_ALLOWED");
            }
            isRefused(owner.send("POST", "//api/v1/orgs", "{\"name\":\"x\"}"), 403, "KIND_NOT_ALLOWED");
            isRefused(owner.send("POST", "//api/v1/auth/logout", null), 403, "KIND_NOT_ALLOWED");
            isRefused(owner.send("POST", "//api/v1/auth/logout-everywhere", null), 403, "KIND_NOT_ALLOWED");
            isRefused(owner.send("POST", "//api/v1/users/me/password", "{}"), 403, "KIND_NOT_ALLOWED");
            isRefused(
                    owner.send("DELETE", "//api/v1/users/me/sessions/" + UUID.randomUUID(), null),
                    403,
                    "KIND_NOT_ALLOWED");
        }
    }

    @Test
    void aPersonMakesAnotherOrganization() {
        String email = member(Role.VIEWER);
        Api ada = api(people.login(email));
        JsonObject made = Answers.created(ada.send("POST", "//api/v1/orgs", "{\"name\":\"Second\"}"));
        assertThat(made.getString("role")).isEqualTo("owner");
        assertThat(ada.get("//api/v1/auth/me/orgs").list()).hasSize(2);
        Api there = ada.in(made.getString("id"));
        Answers.created(
                there.post("/secrets", new JsonObject().put("name", "OWN").put("value", "1")));
        isRefused(ada.send("POST", "//api/v1/orgs", "{}"), 400, "INVALID_FIELD");
    }
}
