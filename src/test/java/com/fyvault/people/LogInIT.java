package com.fyvault.people;

import static com.fyvault.support.Answers.isRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.api.LoginToken;
import com.fyvault.crypto.Argon2id;
import com.fyvault.support.Api;
import com.fyvault.support.Browser;
import com.fyvault.support.ServerTest;
import com.fyvault.support.TestPeople;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** POST /auth/login. */
class LogInIT extends ServerTest {
    private static final String WRONG = "not this one at all, sorry";

    private TestPeople people;
    private String hash;

    @Override
    protected Map<String, String> settings() {
        return Map.of("people.mails.minute", "0", "people.logins.minute", "0");
    }

    @BeforeAll
    void meet() {
        people = new TestPeople(server);
        hash = TestPeople.hash();
    }

    private void person(String email) {
        assertThat(people.plant(email, hash)).isNotNull();
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class Answers200 {
        @Test
        void aProgramGetsATokenInTheBodyAndNoCookie() {
            person("program@example.com");
            Api.Answer answer = people.tryLogin("Program@Example.com", TestPeople.PASSWORD);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("set-cookie")).isEmpty();
            assertThat(answer.header("cache-control")).isEqualTo("no-store");
            JsonObject data = answer.data();
            assertThat(data.getBoolean("requiresTotp")).isFalse();
            assertThat(data.getString("refreshToken")).isEmpty();
            assertThat(data.getString("tempToken")).isEmpty();
            String[] parts = data.getString("accessToken").split("\\.", -1);
            assertThat(parts).hasSize(3);
            assertThat(json(parts[0]).getString("alg")).isEqualTo("ES256");
            assertThat(json(parts[0]).getString("kid")).isNotEmpty();
            JsonObject claims = json(parts[1]);
            assertThat(claims.fieldNames()).containsExactlyInAnyOrder("iss", "sub", "jti", "iat", "exp");
            assertThat(claims.getLong("exp") - claims.getLong("iat")).isEqualTo(12 * 3_600);
            assertThat(claims.getString("jti")).isEqualTo(data.getString("sessionId"));
        }

        @Test
        void aBrowserGetsACookieAndNoTokenInTheBody() {
            person("browser@example.com");
            Browser browser = new Browser(server);
            Api.Answer answer = browser.ask("POST", "/auth/login", credentials("browser@example.com"));
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.data().getString("accessToken")).isEmpty();
            assertThat(answer.text()).doesNotContain(Objects.requireNonNull(browser.cookie(LoginToken.COOKIE)));
            List<String> cookies = answer.response().headers().allValues("set-cookie");
            assertThat(cookies)
                    .hasSize(2)
                    .allSatisfy(cookie -> assertThat(cookie)
                            .startsWith("__Host-fyvault_")
                            .contains("; Path=/", "; Secure", "; HttpOnly", "; SameSite=Lax")
                            .doesNotContain("Domain"));
            assertThat(browser.ask("GET", "/users/me", null).status()).isEqualTo(200);
        }

        @Test
        void theBodyHasTheLastWordOnTheCookie() {
            person("choice@example.com");
            Browser browser = new Browser(server);
            Api.Answer token = browser.ask(
                    "POST", "/auth/login", credentials("choice@example.com").put("cookie", false));
            assertThat(token.data().getString("accessToken")).startsWith("ey");
            assertThat(browser.cookie(LoginToken.COOKIE)).isNull();
            Api.Answer cookie =
                    people.post("/auth/login", credentials("choice@example.com").put("cookie", true));
            assertThat(cookie.data().getString("accessToken")).isEmpty();
            assertThat(cookie.header("set-cookie")).isNotEmpty();
        }

        @Test
        void eachLoginHasATokenOfItsOwnAndACookieThatWasPlantedIsNotTaken() {
            person("fixed@example.com");
            Browser browser = new Browser(server);
            String planted = "fvweb_" + "A".repeat(49);
            browser.plant(LoginToken.COOKIE, planted);
            assertThat(browser.ask("POST", "/auth/login", credentials("fixed@example.com"))
                            .status())
                    .isEqualTo(200);
            String first = browser.cookie(LoginToken.COOKIE);
            assertThat(first).isNotEqualTo(planted);
            assertThat(browser.ask("POST", "/auth/login", credentials("fixed@example.com"))
                            .status())
                    .isEqualTo(200);
            assertThat(browser.cookie(LoginToken.COOKIE)).isNotEqualTo(first);
        }
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class Answers4xx {
        @ParameterizedTest
        @ValueSource(strings = {"wrong password", "unknown", "no password", "deactivated", "no address"})
        void whateverIsWrongIsOneAnswer(String what) {
            String email = what.replace(' ', '-') + "@example.com";
            if (what.equals("no password")) {
                server.database().execute("insert into account (user_id, email) values (gen_random_uuid(), ?)", email);
            } else if (!what.equals("unknown")) {
                person(email);
            }
            if (what.equals("deactivated")) {
                server.database().execute("update account set deactivated_at = now() where email = ?", email);
            }
            Api.Answer answer = people.tryLogin(
                    what.equals("no address") ? "no address" : email,
                    what.equals("wrong password") ? WRONG : TestPeople.PASSWORD);
            isRefused(answer, 401, "LOGIN_REFUSED");
            assertThat(answer.json().getString("error")).doesNotContain(email);
        }

        @Test
        void theFifthWrongPasswordInARowClosesTheAccount() {
            person("closed@example.com");
            for (int i = 0; i < 4; i++) {
                isRefused(people.tryLogin("closed@example.com", WRONG), 401, "LOGIN_REFUSED");
            }
            assertThat(people.tryLogin("CLOSED@example.com", TestPeople.PASSWORD)
                            .status())
                    .isEqualTo(200);
            for (int i = 0; i < 5; i++) {
                isRefused(people.tryLogin(" closed@Example.com", WRONG), 401, "LOGIN_REFUSED");
            }
            isRefused(people.tryLogin("closed@example.com", TestPeople.PASSWORD), 401, "LOGIN_REFUSED");
            later("14 minutes");
            isRefused(people.tryLogin("closed@example.com", TestPeople.PASSWORD), 401, "LOGIN_REFUSED");
            later("2 minutes");
            assertThat(people.tryLogin("closed@example.com", TestPeople.PASSWORD)
                            .status())
                    .isEqualTo(200);
        }

        @Test
        void aBrowserThatWasThereBeforeIsNotShutOut() {
            person("own@example.com");
            Browser browser = people.browser("own@example.com");
            for (int i = 0; i < 6; i++) {
                isRefused(people.tryLogin("own@example.com", WRONG), 401, "LOGIN_REFUSED");
            }
            isRefused(people.tryLogin("own@example.com", TestPeople.PASSWORD), 401, "LOGIN_REFUSED");
            assertThat(browser.ask("POST", "/auth/login", credentials("own@example.com"))
                            .status())
                    .isEqualTo(200);
            for (int i = 0; i < 5; i++) {
                isRefused(
                        browser.ask(
                                "POST",
                                "/auth/login",
                                credentials("own@example.com").put("password", WRONG)),
                        401,
                        "LOGIN_REFUSED");
            }
            isRefused(browser.ask("POST", "/auth/login", credentials("own@example.com")), 401, "LOGIN_REFUSED");
        }

        @Test
        void aBrowserIsKnownToTheAccountsThatItHasLoggedInToOnly() {
            person("mine@example.com");
            person("yours@example.com");
            Browser browser = people.browser("mine@example.com");
            for (int i = 0; i < 5; i++) {
                isRefused(people.tryLogin("yours@example.com", WRONG), 401, "LOGIN_REFUSED");
            }
            isRefused(browser.ask("POST", "/auth/login", credentials("yours@example.com")), 401, "LOGIN_REFUSED");
        }

        @Test
        void manyAtOnceAreNoMoreThanFive() {
            person("race@example.com");
            List<CompletableFuture<Api.Answer>> all = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                all.add(server.api(null)
                        .sendLater(
                                "POST",
                                "//api/v1/auth/login",
                                credentials("race@example.com")
                                        .put("password", WRONG)
                                        .encode()));
            }
            assertThat(all).allSatisfy(one -> assertThat(one.join().status()).isIn(401, 503));
            long tries = server.database()
                    .count("select max(cardinality(times)) from guess where last_at > now() - interval '1 minute'");
            assertThat(tries).isPositive();
            isRefused(people.tryLogin("race@example.com", TestPeople.PASSWORD), 401, "LOGIN_REFUSED");
        }

        @Test
        void aLoginFromAnotherSite() {
            person("csrf@example.com");
            Browser browser = new Browser(server);
            for (String[] headers : List.of(
                    new String[] {"sec-fetch-site", "cross-site", "content-type", "application/json"},
                    new String[] {"sec-fetch-site", "same-site", "content-type", "application/json"},
                    new String[] {"origin", "https://evil.example", "content-type", "application/json"},
                    new String[] {"origin", "null", "content-type", "application/json"},
                    new String[] {"sec-fetch-site", "same-origin", "content-type", "text/plain"})) {
                Api.Answer answer = browser.send(
                        "POST", "/auth/login", credentials("csrf@example.com").encode(), headers);
                isRefused(answer, 403, "CROSS_SITE");
            }
            assertThat(browser.cookie(LoginToken.COOKIE)).isNull();
        }

        @Test
        void aFieldThatIsMissing() {
            isRefused(people.post("/auth/login", new JsonObject().put("email", "a@b.c")), 400, "INVALID_FIELD");
            isRefused(people.post("/auth/login", new JsonObject().put("password", WRONG)), 400, "INVALID_FIELD");
            isRefused(server.api(null).get("//api/v1/auth/login"), 405, "METHOD_NOT_ALLOWED");
        }
    }

    @Test
    void aPasswordThatSomebodyElseHasWrittenIntoTheDatabaseIsRefused() {
        person("planted@example.com");
        server.database()
                .execute(
                        "update account set password_hash = ? where email = ?",
                        // Of the right password, and another one than the account's.
                        Argon2id.hash(TestPeople.PASSWORD.getBytes(StandardCharsets.UTF_8), new SecureRandom()),
                        "planted@example.com");
        isRefused(people.tryLogin("planted@example.com", TestPeople.PASSWORD), 500, "SEALED_VALUE_REFUSED");
    }

    @Test
    void everyLoginAndEveryRefusalLeavesAnEvent() {
        person("noted@example.com");
        isRefused(people.tryLogin("noted@example.com", WRONG), 401, "LOGIN_REFUSED");
        String _ = people.login("noted@example.com");
        assertThat(server
                        .database()
                        .query(
                                "select e.action || ' ' || e.outcome as what from person_event e join account a"
                                        + " using (user_id) where a.email = ? order by event_id",
                                "noted@example.com")
                        .stream()
                        .map(row -> row.get("what")))
                .containsExactly("login refused", "login done");
    }

    private static JsonObject credentials(String email) {
        return new JsonObject().put("email", email).put("password", TestPeople.PASSWORD);
    }

    private void later(String time) {
        server.database()
                .execute("update password_failure set closed_until = closed_until - interval '" + time
                        + "' where closed_until is not null");
    }

    private static JsonObject json(String part) {
        return new JsonObject(new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8));
    }
}
