package com.fyvault.people;

import static com.fyvault.support.Answers.isRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.api.LoginToken;
import com.fyvault.support.Api;
import com.fyvault.support.Browser;
import com.fyvault.support.ServerTest;
import com.fyvault.support.TestPeople;
import com.fyvault.support.TestServer;
import com.fyvault.tokens.Role;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The end of a login, on every node. */
class LoginsEndIT extends ServerTest {
    private TestPeople people;
    private TestServer other;
    private String hash;
    private int count;

    @Override
    protected Map<String, String> settings() {
        return Map.of("people.mails.minute", "0", "people.logins.minute", "0");
    }

    @BeforeAll
    void meet() {
        people = new TestPeople(server);
        other = server.secondNode();
        hash = TestPeople.hash();
        server.createSecret("SHARED", "shared value");
    }

    @AfterAll
    void part() {
        other.close();
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

    private void isOver(String token) {
        for (Api node : new Api[] {api(token), other.api(token)}) {
            for (String path : new String[] {"/secrets/by-name/SHARED/value", "/secrets", "//api/v1/users/me"}) {
                isRefused(node.get(path), 401, "TOKEN_REVOKED");
            }
        }
    }

    private String used(String email) {
        String token = people.login(email);
        assertThat(api(token).value("SHARED")).isEqualTo("shared value");
        assertThat(other.api(token).value("SHARED")).isEqualTo("shared value");
        return token;
    }

    @Test
    void logoutEndsItOnEveryNode() {
        String email = member(Role.VIEWER);
        String token = used(email);
        String second = used(email);
        assertThat(api(token).send("POST", "//api/v1/auth/logout", null).status())
                .isEqualTo(200);
        isOver(token);
        assertThat(api(second).value("SHARED")).isEqualTo("shared value");
    }

    @Test
    void logoutEverywhereEndsThemAll() {
        String email = member(Role.VIEWER);
        String token = used(email);
        String second = used(email);
        Browser browser = people.browser(email);
        assertThat(browser.ask("POST", "/auth/logout-everywhere", new JsonObject())
                        .status())
                .isEqualTo(200);
        isOver(token);
        isOver(second);
        assertThat(browser.cookie(LoginToken.COOKIE)).isNull();
    }

    @Test
    void aPersonSeesTheirLoginsAndEndsOne() {
        String email = member(Role.VIEWER);
        String token = used(email);
        Browser browser = people.browser(email);
        JsonArray list = browser.ask("GET", "/users/me/sessions", null).list();
        assertThat(list).hasSize(2);
        assertThat(list.getJsonObject(0).getBoolean("current")).isTrue();
        assertThat(list.getJsonObject(0).getString("kind")).isEqualTo("browser");
        assertThat(list.getJsonObject(1).getString("kind")).isEqualTo("program");
        assertThat(list.encode()).doesNotContain(token, Objects.requireNonNull(browser.cookie(LoginToken.COOKIE)));
        String id = list.getJsonObject(1).getString("id");
        assertThat(browser.ask("DELETE", "/users/me/sessions/" + id, null).status())
                .isEqualTo(200);
        isOver(token);
        isRefused(browser.ask("DELETE", "/users/me/sessions/" + id, null), 404, "LOGIN_NOT_FOUND");
        String theirs = new JsonObject(api(people.login(member(Role.VIEWER)))
                        .get("//api/v1/users/me")
                        .text())
                .getJsonObject("data")
                .getString("sessionId");
        isRefused(browser.ask("DELETE", "/users/me/sessions/" + theirs, null), 404, "LOGIN_NOT_FOUND");
        isRefused(browser.ask("DELETE", "/users/me/sessions/nothing", null), 404, "LOGIN_NOT_FOUND");
    }

    @Test
    void aBrowserThatRestsIsLoggedOut() {
        Browser browser = people.browser(member(Role.VIEWER));
        server.database().execute("update login_session set last_seen_at = now() - interval '31 minutes' where cookie");
        isRefused(browser.ask("GET", "/users/me", null), 401, "TOKEN_EXPIRED");
        isRefused(browser.ask("GET", "/orgs/" + server.orgId() + "/secrets", null), 401, "TOKEN_EXPIRED");
    }

    @Test
    void aRowThatSomebodyHasChangedLogsNobodyIn() {
        String token = people.login(member(Role.VIEWER));
        server.database()
                .execute("update login_session set expires_at = expires_at + interval '1 day'"
                        + " where not cookie and ended_at is null");
        isRefused(api(token).get("//api/v1/users/me"), 500, "SEALED_VALUE_REFUSED");
        isRefused(api(token).get("/secrets"), 500, "SEALED_VALUE_REFUSED");
        server.database()
                .execute("update login_session set expires_at = expires_at - interval '1 day'"
                        + " where not cookie and ended_at is null");
        assertThat(api(token).get("/secrets").status()).isEqualTo(200);
    }
}
