package com.fyvault.factors;

import static com.fyvault.support.Answers.isRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Answers;
import com.fyvault.support.Api;
import com.fyvault.support.TestAuthenticator;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Passkeys over HTTP: made, used to log in and to step up, removed. What each tampered ceremony is, TamperedCeremoniesTest has. */
class PasskeysIT extends PasskeyServerTest {
    @Nested
    class Answers200 {
        @Test
        void aPasskeyIsMadeAndLogsInByItself() {
            FactorPerson person = somebody();
            TestAuthenticator authenticator = authenticator();
            JsonObject options = person.post("/users/me/passkeys/options", FactorPerson.password())
                    .data();
            assertThat(options.getJsonObject("rp").getString("id")).isEqualTo("example.com");
            assertThat(options.getJsonObject("user").getString("id"))
                    .isEqualTo(TestAuthenticator.text(person.handle()));
            assertThat(options.getJsonObject("authenticatorSelection").getString("userVerification"))
                    .isEqualTo("required");
            assertThat(options.getString("attestation")).isEqualTo("none");
            JsonObject made = Answers.created(
                    person.addPasskey("laptop", authenticator.registration(options.getString("challenge"))));
            assertThat(made.getJsonArray("recoveryCodes")).hasSize(10);
            person.take(login(person, authenticator));
            assertThat(person.send("GET", "/users/me", null).data().getString("steppedUpAt"))
                    .isNotNull();
            JsonObject listed = list(person).getJsonObject(0);
            assertThat(listed.getString("name")).isEqualTo("laptop");
            assertThat(listed.getString("last_used_at")).isNotNull();
            assertThat(person.tempToken())
                    .as("the password alone is not enough")
                    .isNotEmpty();
        }

        @Test
        void aPersonHasSeveralAndRemovesOne() {
            FactorPerson person = somebody();
            TestAuthenticator laptop = authenticator();
            TestAuthenticator phone = authenticator();
            add(person, laptop, "laptop");
            person.take(login(person, laptop));
            JsonObject options = person.post("/users/me/passkeys/options").data();
            assertThat(options.getJsonArray("excludeCredentials")).hasSize(1);
            JsonObject second =
                    Answers.created(person.addPasskey("phone", phone.registration(options.getString("challenge"))));
            assertThat(second.getValue("recoveryCodes")).isNull();
            assertThat(list(person)).hasSize(2);
            String id = list(person).getJsonObject(0).getString("id");
            assertThat(person.send("DELETE", "/users/me/passkeys/" + id, null).status())
                    .isEqualTo(200);
            assertThat(person.event("factor_remove")).contains(id);
            isRefused(login(person, laptop), 401, "PASSKEY_REFUSED");
            person.take(login(person, phone));
        }

        @Test
        void aSignatureStepsALoginUp() {
            FactorPerson person = somebody();
            TestAuthenticator authenticator = authenticator();
            add(person, authenticator, "laptop");
            isRefused(person.post("/users/me/recovery-codes"), 403, "STEP_UP_REQUIRED");
            Api.Answer answer = stepUp(person, authenticator);
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            assertThat(person.event("step_up")).isEqualTo("done {\"factor\": \"passkey\"}");
            assertThat(person.post("/users/me/recovery-codes").status()).isEqualTo(201);
        }

        @Test
        void theLastOneTakesTheRecoveryCodesWithIt() {
            FactorPerson person = somebody();
            TestAuthenticator authenticator = authenticator();
            String id = add(person, authenticator, "laptop").getString("id");
            person.take(login(person, authenticator));
            assertThat(person.send("DELETE", "/users/me/passkeys/" + id, null).status())
                    .isEqualTo(200);
            JsonObject factors = person.send("GET", "/users/me/factors", null).data();
            assertThat(factors.getBoolean("enrolled")).isFalse();
            assertThat(factors.getInteger("recoveryCodesLeft")).isZero();
        }
    }

    @Nested
    class Answers400 {
        @Test
        void whatIsNoPasskeyAtAll() {
            FactorPerson person = somebody();
            isRefused(person.post("/users/me/passkeys"), 400, "INVALID_FIELD");
            isRefused(person.post("/users/me/passkeys", new JsonObject().put("name", "x")), 400, "INVALID_FIELD");
            isRefused(person.postByNobody("/auth/passkey/login", new JsonObject()), 400, "INVALID_FIELD");
            JsonObject good = authenticator()
                    .assertion(person.loginChallenge(), person.handle())
                    .toJson();
            for (String part : List.of("signature", "authenticatorData", "clientDataJSON", "userHandle")) {
                for (Object wrong : List.of("", "a=", "++", "a b", 7, new JsonArray())) {
                    JsonObject bad = good.copy();
                    bad.getJsonObject("response").put(part, wrong);
                    isRefused(
                            person.postByNobody("/auth/passkey/login", new JsonObject().put("credential", bad)),
                            400,
                            "INVALID_FIELD");
                }
            }
            JsonObject other = good.copy().put("type", "password");
            isRefused(
                    person.postByNobody("/auth/passkey/login", new JsonObject().put("credential", other)),
                    400,
                    "INVALID_FIELD");
        }
    }

    @Nested
    class Answers403To500 {
        @Test
        void theFirstNeedsThePassword() {
            isRefused(somebody().post("/users/me/passkeys/options"), 403, "PASSWORD_REQUIRED");
        }

        @Test
        void anotherOnesIdAndNoIdAreAbsent() {
            FactorPerson person = somebody();
            TestAuthenticator authenticator = authenticator();
            add(person, authenticator, "laptop");
            FactorPerson stranger = somebody();
            String theirs = add(stranger, authenticator(), "x").getString("id");
            isRefused(person.send("DELETE", "/users/me/passkeys/" + theirs, null), 403, "STEP_UP_REQUIRED");
            person.take(login(person, authenticator));
            for (String id : List.of(theirs, new UUID(1, 2).toString(), "nonsense")) {
                isRefused(person.send("DELETE", "/users/me/passkeys/" + id, null), 404, "FACTOR_NOT_FOUND");
            }
            assertThat(list(stranger)).hasSize(1);
        }

        @Test
        void oneAuthenticatorIsOnePersons() {
            FactorPerson person = somebody();
            TestAuthenticator authenticator = authenticator();
            add(person, authenticator, "laptop");
            FactorPerson other = somebody();
            isRefused(
                    other.addPasskey("x", authenticator.registration(other.creationChallenge())), 409, "FACTOR_EXISTS");
        }

        @Test
        void aTwentyFirst() {
            FactorPerson person = somebody();
            TestAuthenticator authenticator = authenticator();
            add(person, authenticator, "1");
            person.take(login(person, authenticator));
            for (int i = 2; i <= PasskeyStore.MOST; i++) {
                add(person, authenticator(), "" + i);
            }
            isRefused(
                    person.addPasskey("21", authenticator().registration(person.creationChallenge())),
                    409,
                    "LIMIT_REACHED");
        }

        @Test
        void aPasskeyMovedToSomebodyElseByHandLetsNobodyIn() {
            FactorPerson victim = somebody();
            FactorPerson thief = somebody();
            TestAuthenticator authenticator = authenticator();
            add(thief, authenticator, "mine");
            server.database().execute("update passkey set user_id = ? where user_id = ?", victim.id(), thief.id());
            isRefused(
                    victim.loginBy(authenticator.assertion(victim.loginChallenge(), victim.handle())),
                    500,
                    "SEALED_VALUE_REFUSED");
        }
    }
}
