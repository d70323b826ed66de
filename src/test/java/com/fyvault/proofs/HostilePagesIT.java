package com.fyvault.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.api.LoginToken;
import com.fyvault.support.Api;
import com.fyvault.support.Browser;
import com.fyvault.support.Figures;
import com.fyvault.support.ServerTest;
import com.fyvault.support.TestPeople;
import com.fyvault.tokens.Role;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * T43, the part that needs no browser: what pages of other sites can have a browser send, with its cookies, does
 * nothing.
 */
class HostilePagesIT extends ServerTest {
    private static final String EVIL = "https://evil.example";

    private TestPeople people;
    private String email;

    @Override
    protected Map<String, String> settings() {
        return Map.of("people.logins.minute", "0", "people.mails.minute", "0");
    }

    @BeforeAll
    void meet() {
        people = new TestPeople(server);
        email = "ada@example.com";
        people.join(people.plant(email, TestPeople.hash()), server.orgId(), Role.OWNER);
        server.createSecret("KEPT", "value");
    }

    private record Hostile(String method, String path, String body, String[] headers) {}

    /** Five ways to come from elsewhere, to six things that would hurt. */
    private List<Hostile> requests() {
        String[][] ways = {
            {"sec-fetch-site", "cross-site", "sec-fetch-mode", "no-cors", "origin", EVIL, "content-type", "text/plain"},
            {
                "sec-fetch-site",
                "cross-site",
                "sec-fetch-mode",
                "cors",
                "origin",
                EVIL,
                "content-type",
                "application/json"
            },
            {"sec-fetch-site", "same-site", "origin", "https://other.example.com", "content-type", "application/json"},
            {"origin", "null", "content-type", "application/x-www-form-urlencoded"},
            {"content-type", "application/json"},
        };
        String org = "/orgs/" + server.orgId();
        String[][] targets = {
            {"POST", org + "/secrets", "{\"name\":\"EVIL\",\"value\":\"x\"}"},
            {"POST", org + "/access-tokens", "{}"},
            {"POST", "/auth/logout-everywhere", "{}"},
            {"POST", "/users/me/password", "{\"currentPassword\":\"x\",\"newPassword\":\"y\"}"},
            {"POST", "/orgs", "{\"name\":\"Evil\"}"},
            {"DELETE", org + "/environments/" + server.environmentId("staging"), ""},
        };
        List<Hostile> all = new ArrayList<>();
        for (String[] target : targets) {
            for (String[] way : ways) {
                all.add(new Hostile(target[0], target[1], target[2], way));
            }
        }
        return all;
    }

    private String state() {
        return server.database()
                .query("select (select count(*) from secret) as s, (select count(*) from org) as o,"
                        + " (select count(*) from credential where kind <> 'LOGIN') as c,"
                        + " (select count(*) from environment where deleted_at is null) as e,"
                        + " (select count(*) from login_session where ended_at is null) as l,"
                        + " (select string_agg(password_hash, ',' order by user_id) from account) as p")
                .toString();
    }

    @Test
    void noneOfThirtyHostileRequestsActs() {
        Browser browser = people.browser(email);
        String before = state();
        int acted = 0;
        int answered = 0;
        for (Hostile hostile : requests()) {
            Api.Answer answer = browser.send(
                    hostile.method(),
                    hostile.path(),
                    hostile.body().isEmpty() ? null : hostile.body(),
                    hostile.headers());
            answered++;
            acted += answer.status() == 403 && answer.code().equals("CROSS_SITE") && state().equals(before) ? 0 : 1;
        }
        assertThat(browser.ask("GET", "/users/me", null).status()).isEqualTo(200);
        Figures.print(new Figures.Line("T43", "hostile pages, by their headers", answered, answered, acted, ""));
        assertThat(answered).isEqualTo(30);
        assertThat(acted).isZero();
        // The same requests from the own site do act.
        assertThat(browser.ask("POST", "/orgs", new JsonObject().put("name", "Mine"))
                        .status())
                .isEqualTo(201);
        assertThat(state()).isNotEqualTo(before);
    }

    @Test
    void aCookieIsNewAtEachLoginDeadAfterLogoutAndInNoAnswer() {
        Browser browser = new Browser(server);
        browser.plant(LoginToken.COOKIE, "fvweb_" + "0".repeat(49));
        JsonObject credentials = new JsonObject().put("email", email).put("password", TestPeople.PASSWORD);
        assertThat(browser.ask("POST", "/auth/login", credentials).status()).isEqualTo(200);
        String first = Objects.requireNonNull(browser.cookie(LoginToken.COOKIE));
        assertThat(first).isNotEqualTo("fvweb_" + "0".repeat(49));
        Api.Answer out = browser.ask("POST", "/auth/logout", new JsonObject());
        assertThat(out.status()).isEqualTo(200);
        assertThat(out.header("set-cookie")).contains("Max-Age=0", LoginToken.COOKIE);
        browser.plant(LoginToken.COOKIE, first);
        assertThat(browser.ask("GET", "/users/me", null).status()).isEqualTo(401);
        assertThat(browser.ask("GET", "/orgs/" + server.orgId() + "/secrets", null)
                        .status())
                .isEqualTo(401);
        assertThat(browser.ask("POST", "/auth/login", credentials).status()).isEqualTo(200);
        assertThat(browser.cookie(LoginToken.COOKIE)).isNotEqualTo(first);
    }

    @Test
    void aReadWithACookieIsForPagesOfThisSite() {
        Browser browser = people.browser(email);
        for (String path : List.of("/users/me", "/orgs/" + server.orgId() + "/secrets/by-name/KEPT/value")) {
            for (String site : List.of("cross-site", "same-site")) {
                Api.Answer answer = browser.send("GET", path, null, "sec-fetch-site", site);
                assertThat(answer.status()).isEqualTo(403);
                assertThat(answer.code()).isEqualTo("CROSS_SITE");
            }
            assertThat(browser.send("GET", path, null, "origin", EVIL).status()).isEqualTo(403);
            // Typed, from the own pages, and from what says nothing.
            for (String site : List.of("none", "same-origin")) {
                assertThat(browser.send("GET", path, null, "sec-fetch-site", site)
                                .status())
                        .isEqualTo(200);
            }
            assertThat(browser.send("GET", path, null).status()).isEqualTo(200);
        }
    }

    @Test
    void aCookieCountsOnlyWhereNoTokenIsShown() {
        Browser browser = people.browser(email);
        Api.Answer both =
                browser.send("GET", "/orgs/" + server.orgId() + "/secrets", null, "authorization", "Bearer nonsense");
        assertThat(both.status()).isEqualTo(401);
    }
}
