package com.fyvault.factors;

import static com.fyvault.support.Answers.isRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.api.LoginToken;
import com.fyvault.support.Api;
import com.fyvault.support.Browser;
import com.fyvault.support.DatabaseClock;
import com.fyvault.support.SeededRandom;
import com.fyvault.support.TestAuthenticator;
import com.fyvault.support.TestDatabase;
import com.fyvault.support.TestPeople;
import com.fyvault.support.TestPostgres;
import com.fyvault.support.TestServer;
import com.fyvault.tokens.Role;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a step-up gives, for how long by the database's clock, and what becomes of the cookie of before. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StepUpIT {
    private final SeededRandom random = new SeededRandom(5);
    private TestServer server;
    private DatabaseClock clock;

    @BeforeAll
    void start() {
        TestDatabase database = TestPostgres.shared().create();
        clock = new DatabaseClock(database);
        server = TestServer.start(
                database, Map.of("factors.rp.id", "example.com", "factors.rp.origins", FactorPerson.ORIGIN));
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @AfterEach
    void setRight() {
        clock.moveTo("0 seconds");
    }

    private FactorPerson enrolled(String email) {
        FactorPerson person = new FactorPerson(server, email);
        person.enrolTotp();
        return person;
    }

    @Test
    void isOverAfterFiveMinutes() {
        FactorPerson person = enrolled("five@example.com");
        person.stepUp();
        clock.moveTo("4 minutes 50 seconds");
        assertThat(person.post("/users/me/recovery-codes").status()).isEqualTo(201);
        clock.moveTo("5 minutes 1 second");
        isRefused(person.post("/users/me/recovery-codes"), 403, "STEP_UP_REQUIRED");
        person.stepUp();
        assertThat(person.post("/users/me/recovery-codes").status()).isEqualTo(201);
    }

    @Test
    void isOneLoginsOnly() {
        FactorPerson person = enrolled("one@example.com");
        person.stepUp();
        String first = person.token();
        person.take(person.finish(person.tempToken(), person.code().getString("code")));
        clock.moveTo("5 minutes 1 second");
        person.stepUp();
        Api.Answer stale = server.api(first).post("//api/v1/users/me/recovery-codes", new JsonObject());
        isRefused(stale, 403, "STEP_UP_REQUIRED");
    }

    @Test
    void aLoginWaitsFiveMinutesForItsCode() {
        FactorPerson person = enrolled("wait@example.com");
        String late = person.tempToken();
        clock.moveTo("5 minutes 1 second");
        isRefused(person.finish(late, person.code().getString("code")), 401, "LOGIN_EXPIRED");
    }

    @Test
    void anAppWaitsFifteenMinutesForItsFirstCode() {
        FactorPerson person = new FactorPerson(server, "slow@example.com");
        person.beginTotp();
        clock.moveTo("15 minutes 1 second");
        JsonObject code = new JsonObject().put("code", TotpTest.code(new byte[20], 1));
        isRefused(person.post("/users/me/totp/confirm", code), 404, "FACTOR_NOT_FOUND");
    }

    @Test
    void aChallengeIsGoodForFiveMinutes() {
        FactorPerson person = new FactorPerson(server, "challenge@example.com");
        TestAuthenticator authenticator = new TestAuthenticator(random, FactorPerson.ORIGIN, "example.com");
        String challenge = person.creationChallenge();
        clock.moveTo("5 minutes 1 second");
        isRefused(person.addPasskey("late", authenticator.registration(challenge)), 401, "PASSKEY_REFUSED");
        assertThat(person.event("factor_add")).contains("expired");
        clock.moveTo("0 seconds");
        assertThat(person.addPasskey("in time", authenticator.registration(challenge))
                        .status())
                .isEqualTo(201);
        String login = person.loginChallenge();
        clock.moveTo("5 minutes 1 second");
        isRefused(person.loginBy(authenticator.assertion(login, person.handle())), 401, "PASSKEY_REFUSED");
        assertThat(person.event("login")).contains("expired");
    }

    @Test
    void aBrowserGoesOnUnderAnotherCookieAndTheOldOneIsDead() {
        TestPeople people = new TestPeople(server);
        FactorPerson person = new FactorPerson(server, "cookie@example.com");
        people.join(person.id(), server.orgId(), Role.DEVELOPER);
        Browser browser = people.browser(person.email());
        person.enrolTotp();
        String org = "/orgs/" + server.orgId() + "/secrets";
        assertThat(browser.ask("GET", org, null).status()).isEqualTo(200);
        String before = Objects.requireNonNull(browser.cookie(LoginToken.COOKIE));
        Browser thief = new Browser(server);
        thief.plant(LoginToken.COOKIE, before);
        assertThat(thief.ask("GET", org, null).status()).isEqualTo(200);
        Api.Answer answer = browser.ask("POST", "/auth/step-up", person.code());
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(answer.data().getString("until")).isGreaterThan(answer.data().getString("steppedUpAt"));
        assertThat(answer.header("set-cookie"))
                .contains("Secure")
                .contains("HttpOnly")
                .contains("SameSite=Lax");
        assertThat(browser.cookie(LoginToken.COOKIE)).isNotEqualTo(before);
        assertThat(thief.ask("GET", "/users/me", null).status()).isEqualTo(401);
        assertThat(thief.ask("GET", org, null).status()).isEqualTo(401);
        assertThat(browser.ask("GET", "/users/me", null).data().getString("steppedUpAt"))
                .isNotNull();
        Api.Answer after = browser.ask("GET", org, null);
        assertThat(after.status()).as(after.text()).isEqualTo(200);
        assertThat(browser.ask("POST", "/users/me/recovery-codes", new JsonObject())
                        .status())
                .isEqualTo(201);
    }

    @Test
    void aPageOfAnotherSiteStepsNobodyUp() {
        TestPeople people = new TestPeople(server);
        FactorPerson person = new FactorPerson(server, "site@example.com");
        Browser browser = people.browser(person.email());
        person.enrolTotp();
        Api.Answer answer = browser.send(
                "POST",
                "/auth/step-up",
                person.code().encode(),
                "content-type",
                "application/json",
                "sec-fetch-site",
                "cross-site");
        isRefused(answer, 403, "CROSS_SITE");
    }
}
