package com.fyvault.people;

import static com.fyvault.support.Answers.isRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.Browser;
import com.fyvault.support.ServerTest;
import com.fyvault.support.TestPeople;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** POST /auth/password/forgot, /auth/password/reset and /users/me/password. */
class PasswordsIT extends ServerTest {
    private static final String OTHER = "eleven purple otters on a roof";

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

    private Api.Answer forgot(String email) {
        return people.post("/auth/password/forgot", new JsonObject().put("email", email));
    }

    private Api.Answer reset(String token, String password) {
        return people.post(
                "/auth/password/reset", new JsonObject().put("token", token).put("newPassword", password));
    }

    private static JsonObject change(String from, String to) {
        return new JsonObject().put("currentPassword", from).put("newPassword", to);
    }

    @Test
    void aResetSetsThePasswordOnceAndEndsEveryLogin() {
        assertThat(people.plant("reset@example.com", hash)).isNotNull();
        String token = people.login("reset@example.com");
        Browser browser = people.browser("reset@example.com");
        for (int i = 0; i < 5; i++) {
            isRefused(people.tryLogin("reset@example.com", OTHER), 401, "LOGIN_REFUSED");
        }
        assertThat(forgot("Reset@example.com").status()).isEqualTo(202);
        String mailed = people.mailedToken("reset@example.com");
        isRefused(reset(mailed, "short"), 400, "PASSWORD_REFUSED");
        assertThat(reset(mailed, OTHER).status()).isEqualTo(200);
        isRefused(reset(mailed, TestPeople.PASSWORD), 400, "MAIL_TOKEN_REFUSED");
        isRefused(server.api(token).get("//api/v1/users/me"), 401, "TOKEN_REVOKED");
        isRefused(browser.ask("GET", "/users/me", null), 401, "TOKEN_REVOKED");
        isRefused(people.tryLogin("reset@example.com", TestPeople.PASSWORD), 401, "LOGIN_REFUSED");
        assertThat(people.tryLogin("reset@example.com", OTHER).status()).isEqualTo(200);
        assertThat(people.mail("reset@example.com").getString("subject")).contains("was changed");
    }

    @Test
    void askingForAResetIsAnsweredTheSameForEveryAddress() {
        assertThat(people.plant("known@example.com", hash)).isNotNull();
        Api.Answer known = forgot("known@example.com");
        Api.Answer unknown = forgot("unknown@example.com");
        assertThat(known.status()).isEqualTo(202);
        assertThat(known.text()).isEqualTo(unknown.text());
        assertThat(people.mail("unknown@example.com").getString("text")).contains("none");
        assertThat(people.mail("unknown@example.com").getString("text")).doesNotContain("fvmail_");
        isRefused(people.post("/auth/password/forgot", new JsonObject()), 400, "INVALID_FIELD");
    }

    @Test
    void whoeverTheBootstrapMadeGetsAPasswordThisWay() {
        assertThat(forgot("owner@example.com").status()).isEqualTo(202);
        assertThat(reset(people.mailedToken("owner@example.com"), OTHER).status())
                .isEqualTo(200);
        Api.Answer in = people.tryLogin("owner@example.com", OTHER);
        assertThat(in.status()).isEqualTo(200);
        Api ada = server.api(in.data().getString("accessToken"));
        assertThat(ada.get("/secrets").status()).isEqualTo(200);
    }

    @Test
    void aTokenForOneThingIsNotGoodForAnother() {
        assertThat(people.plant("purpose@example.com", hash)).isNotNull();
        assertThat(forgot("purpose@example.com").status()).isEqualTo(202);
        String token = people.mailedToken("purpose@example.com");
        isRefused(
                people.post("/auth/verify", new JsonObject().put("token", token).put("password", TestPeople.PASSWORD)),
                400,
                "MAIL_TOKEN_REFUSED");
        server.database().execute("update mail_token set expires_at = now() where email = 'purpose@example.com'");
        isRefused(reset(token, OTHER), 400, "MAIL_TOKEN_REFUSED");
    }

    @Test
    void aChangeNeedsThePresentPasswordAndEndsTheOtherLogins() {
        assertThat(people.plant("change@example.com", hash)).isNotNull();
        String other = people.login("change@example.com");
        Browser browser = people.browser("change@example.com");
        isRefused(browser.ask("POST", "/users/me/password", change(OTHER, OTHER)), 403, "PASSWORD_WRONG");
        isRefused(
                browser.ask("POST", "/users/me/password", change(TestPeople.PASSWORD, "change@example.com")),
                400,
                "PASSWORD_REFUSED");
        isRefused(browser.ask("POST", "/users/me/password", new JsonObject()), 400, "INVALID_FIELD");
        assertThat(browser.ask("POST", "/users/me/password", change(TestPeople.PASSWORD, OTHER))
                        .status())
                .isEqualTo(200);
        assertThat(browser.ask("GET", "/users/me", null).status()).isEqualTo(200);
        isRefused(server.api(other).get("//api/v1/users/me"), 401, "TOKEN_REVOKED");
        assertThat(people.tryLogin("change@example.com", OTHER).status()).isEqualTo(200);
    }

    @Test
    void guessesAtThePresentPasswordAreCounted() {
        assertThat(people.plant("guess@example.com", hash)).isNotNull();
        Browser browser = people.browser("guess@example.com");
        for (int i = 0; i < 5; i++) {
            isRefused(browser.ask("POST", "/users/me/password", change(OTHER, OTHER)), 403, "PASSWORD_WRONG");
        }
        isRefused(browser.ask("POST", "/users/me/password", change(TestPeople.PASSWORD, OTHER)), 403, "PASSWORD_WRONG");
    }
}
