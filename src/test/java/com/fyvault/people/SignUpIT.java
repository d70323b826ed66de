package com.fyvault.people;

import static com.fyvault.support.Answers.isRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Answers;
import com.fyvault.support.Api;
import com.fyvault.support.Browser;
import com.fyvault.support.ServerTest;
import com.fyvault.support.TestPeople;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** POST /auth/signup, /auth/verify and /auth/verify/resend. */
class SignUpIT extends ServerTest {
    private TestPeople people;

    @Override
    protected Map<String, String> settings() {
        return Map.of("people.mails.minute", "0", "people.logins.minute", "0");
    }

    @BeforeAll
    void meet() {
        people = new TestPeople(server);
    }

    private static JsonObject body(String email) {
        return new JsonObject()
                .put("email", email)
                .put("password", TestPeople.PASSWORD)
                .put("name", "Ada")
                .put("organization", "Analytical Engines");
    }

    private Api.Answer verify(String token) {
        return verify(token, TestPeople.PASSWORD);
    }

    private Api.Answer verify(String token, String password) {
        return people.post("/auth/verify", new JsonObject().put("token", token).put("password", password));
    }

    private long accounts(String email) {
        return server.database().count("select count(*) from account where email = ?", email);
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class Answers2xx {
        /** Else whoever signs up with the address of another would own what that one confirms. */
        @Test
        void whoConfirmsSaysThePasswordOfTheSignUp() {
            JsonObject strangers = body("confirming@example.com").put("password", "chosen by a stranger 1");
            assertThat(people.post("/auth/signup", strangers).status()).isEqualTo(202);
            String token = people.mailedToken("confirming@example.com");
            isRefused(verify(token), 400, "MAIL_TOKEN_REFUSED");
            assertThat(accounts("confirming@example.com")).isZero();
            assertThat(people.post("/auth/signup", body("confirming@example.com"))
                            .status())
                    .isEqualTo(202);
            assertThat(verify(people.mailedToken("confirming@example.com")).status())
                    .isEqualTo(201);
            isRefused(verify(token, "chosen by a stranger 1"), 400, "MAIL_TOKEN_REFUSED");
            isRefused(people.tryLogin("confirming@example.com", "chosen by a stranger 1"), 401, "LOGIN_REFUSED");
            assertThat(people.tryLogin("confirming@example.com", TestPeople.PASSWORD)
                            .status())
                    .isEqualTo(200);
        }

        @Test
        void nothingIsThereUntilTheTokenComesBack() {
            assertThat(people.post("/auth/signup", body("first@example.com")).status())
                    .isEqualTo(202);
            assertThat(accounts("first@example.com")).isZero();
            isRefused(people.tryLogin("first@example.com", TestPeople.PASSWORD), 401, "LOGIN_REFUSED");
            JsonObject made = Answers.created(verify(people.mailedToken("first@example.com")));
            assertThat(accounts("first@example.com")).isOne();
            String token = people.login("first@example.com");
            JsonObject org =
                    server.api(token).get("//api/v1/auth/me/orgs").list().getJsonObject(0);
            assertThat(org.getString("id")).isEqualTo(made.getString("orgId"));
            assertThat(org.getString("name")).isEqualTo("Analytical Engines");
            assertThat(org.getString("role")).isEqualTo("owner");
            JsonObject me = server.api(token).get("//api/v1/users/me").data();
            assertThat(me.getString("email")).isEqualTo("first@example.com");
            assertThat(me.getString("name")).isEqualTo("Ada");
            assertThat(me.getBoolean("verified")).isTrue();
        }

        @Test
        void anAddressThatHasAnAccountGetsTheSameAnswerAndItsOwnerAMail() {
            String _ = people.signUp("twice@example.com", "One");
            Api.Answer fresh = people.post("/auth/signup", body("nobody-yet@example.com"));
            Api.Answer known = people.post("/auth/signup", body("Twice@Example.com"));
            assertThat(known.status()).isEqualTo(fresh.status());
            assertThat(known.text()).isEqualTo(fresh.text());
            assertThat(people.mail("twice@example.com").getString("text")).contains("There is an account");
            assertThat(accounts("twice@example.com")).isOne();
            assertThat(people.login("twice@example.com")).isNotEmpty();
        }

        @Test
        void theSecondMailOfAnAddressMakesNoSecondAccount() {
            assertThat(people.post("/auth/signup", body("both@example.com")).status())
                    .isEqualTo(202);
            String one = people.mailedToken("both@example.com");
            assertThat(people.post("/auth/verify/resend", new JsonObject().put("email", "both@example.com"))
                            .status())
                    .isEqualTo(202);
            String two = people.mailedToken("both@example.com");
            assertThat(two).isNotEqualTo(one);
            Answers.created(verify(two));
            isRefused(verify(one), 400, "MAIL_TOKEN_REFUSED");
        }

        @Test
        void anAccountOfTheBootstrapIsNotTakenBySigningUp() {
            assertThat(people.post("/auth/signup", body("owner@example.com")).status())
                    .isEqualTo(202);
            isRefused(people.tryLogin("owner@example.com", TestPeople.PASSWORD), 401, "LOGIN_REFUSED");
        }

        @Test
        void resendingIsAnsweredTheSameWhetherAnythingWaitsOrNot() {
            Api.Answer none = people.post("/auth/verify/resend", new JsonObject().put("email", "never@example.com"));
            assertThat(none.status()).isEqualTo(202);
            assertThat(none.data().getBoolean("mailed")).isTrue();
        }

        @Test
        void oneAddressGetsFiveMailsAnHour() {
            for (int i = 0; i < 8; i++) {
                assertThat(people.post("/auth/signup", body("busy@example.com")).status())
                        .isEqualTo(202);
            }
            assertThat(server.api(null).get("//dev/outbox").list().stream()
                            .map(JsonObject.class::cast)
                            .filter(mail -> mail.getString("to").equals("busy@example.com")))
                    .hasSize(5);
        }
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class Answers4xx {
        @ParameterizedTest
        @CsvSource({
            "email, not an address, INVALID_FIELD",
            "email, , INVALID_FIELD",
            "password, short, PASSWORD_REFUSED",
            "password, password1234, PASSWORD_REFUSED",
            "password, bad@example.com, PASSWORD_REFUSED",
            "password, , INVALID_FIELD",
            "organization, , INVALID_FIELD",
        })
        void aFieldThatIsWrong(String field, String value, String code) {
            isRefused(people.post("/auth/signup", body("bad@example.com").put(field, value)), 400, code);
            assertThat(accounts("bad@example.com")).isZero();
        }

        @Test
        void aBodyThatIsNoObject() {
            isRefused(server.api(null).send("POST", "//api/v1/auth/signup", "[]"), 400, "MALFORMED_JSON");
        }

        @Test
        void aBodyThatIsTooLarge() {
            Api.Answer answer = people.post("/auth/signup", body("x".repeat(17_000)));
            isRefused(answer, 413, "BODY_TOO_LARGE");
        }

        @ParameterizedTest
        @ValueSource(strings = {"x", "fvmail_00000000000000000000000000000000000000000000000000", "'; drop table org"})
        void aTokenThatNobodyWasSent(String token) {
            isRefused(verify(token), 400, "MAIL_TOKEN_REFUSED");
        }

        @Test
        void aTokenThatWasUsed() {
            assertThat(people.post("/auth/signup", body("used@example.com")).status())
                    .isEqualTo(202);
            String token = people.mailedToken("used@example.com");
            Answers.created(verify(token));
            isRefused(verify(token), 400, "MAIL_TOKEN_REFUSED");
        }

        @Test
        void aTokenThatIsADayOld() {
            assertThat(people.post("/auth/signup", body("late@example.com")).status())
                    .isEqualTo(202);
            String token = people.mailedToken("late@example.com");
            server.database().execute("update mail_token set expires_at = now() where email = ?", "late@example.com");
            isRefused(verify(token), 400, "MAIL_TOKEN_REFUSED");
        }

        @Test
        void aTokenWhoseRowWasGivenToAnotherAddress() {
            assertThat(people.post("/auth/signup", body("mallory@example.com")).status())
                    .isEqualTo(202);
            String token = people.mailedToken("mallory@example.com");
            server.database()
                    .execute(
                            "update mail_token set email = ? where email = ?",
                            "victim@example.com",
                            "mallory@example.com");
            isRefused(verify(token), 500, "SEALED_VALUE_REFUSED");
            assertThat(accounts("victim@example.com")).isZero();
        }

        @Test
        void aSignUpFromAnotherSite() {
            Browser browser = new Browser(server);
            Api.Answer answer = browser.send(
                    "POST",
                    "/auth/signup",
                    body("cross@example.com").encode(),
                    "content-type",
                    "application/json",
                    "sec-fetch-site",
                    "cross-site",
                    "origin",
                    "https://evil.example");
            isRefused(answer, 403, "CROSS_SITE");
        }
    }

    @Test
    void whatIsInTheMailIsNotInTheDatabaseInTheClear() {
        assertThat(people.post("/auth/signup", body("sealed@example.com")).status())
                .isEqualTo(202);
        String token = people.mailedToken("sealed@example.com");
        long seen = server.database()
                .count(
                        "select count(*) from mail_outbox where position(?::bytea in sealed) > 0"
                                + " or position(?::bytea in sealed) > 0",
                        token,
                        "sealed@example.com");
        assertThat(seen).isZero();
        assertThat(server.database().count("select count(*) from mail_outbox")).isPositive();
        assertThat(UUID.fromString(Answers.created(verify(token)).getString("userId")))
                .isNotNull();
    }
}
