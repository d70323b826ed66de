package com.fyvault.factors;

import static com.fyvault.support.Answers.isRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Answers;
import com.fyvault.support.Api;
import com.fyvault.support.Figures;
import com.fyvault.support.SeededRandom;
import com.fyvault.support.ServerTest;
import com.fyvault.support.TestAuthenticator;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Passkeys over HTTP: made, used to log in and to step up, removed. What each tampered ceremony is, TamperedCeremoniesTest has. */
class PasskeysIT extends ServerTest {
    private static final AtomicInteger PEOPLE = new AtomicInteger();

    private final SeededRandom random = new SeededRandom(17);

    @Override
    protected Map<String, String> settings() {
        return Map.of("factors.rp.id", "example.com", "factors.rp.origins", FactorPerson.ORIGIN);
    }

    private FactorPerson person() {
        return new FactorPerson(server, "key" + PEOPLE.incrementAndGet() + "@example.com");
    }

    private TestAuthenticator authenticator() {
        return new TestAuthenticator(random, FactorPerson.ORIGIN, "example.com");
    }

    private static JsonObject add(FactorPerson person, TestAuthenticator authenticator, String name) {
        return Answers.created(person.addPasskey(name, authenticator.registration(person.creationChallenge())));
    }

    private static Api.Answer login(FactorPerson person, TestAuthenticator authenticator) {
        return person.loginBy(authenticator.assertion(person.loginChallenge(), person.handle()));
    }

    private static Api.Answer stepUp(FactorPerson person, TestAuthenticator authenticator) {
        return stepUp(person, authenticator.assertion(person.stepUpChallenge(), null));
    }

    private static Api.Answer stepUp(FactorPerson person, TestAuthenticator.Ceremony ceremony) {
        return person.post("/auth/step-up", new JsonObject().put("passkey", ceremony.toJson()));
    }

    private static JsonArray list(FactorPerson person) {
        return person.send("GET", "/users/me/passkeys", null).list();
    }

    @Nested
    class Answers200 {
        @Test
        void aPasskeyIsMadeAndLogsInByItself() {
            FactorPerson person = person();
            TestAuthenticator authenticator = authenticator();
            JsonObject options =
                    person.post("/users/me/passkeys/options", FactorPerson.password()).data();
            assertThat(options.getJsonObject("rp").getString("id")).isEqualTo("example.com");
            assertThat(options.getJsonObject("user").getString("id")).isEqualTo(TestAuthenticator.text(person.handle()));
            assertThat(options.getJsonObject("authenticatorSelection").getString("userVerification"))
                    .isEqualTo("required");
            assertThat(options.getString("attestation")).isEqualTo("none");
            JsonObject made = Answers.created(
                    person.addPasskey("laptop", authenticator.registration(options.getString("challenge"))));
            assertThat(made.getJsonArray("recoveryCodes")).hasSize(10);
            person.take(login(person, authenticator));
            assertThat(person.send("GET", "/users/me", null).data().getString("steppedUpAt")).isNotNull();
            JsonObject listed = list(person).getJsonObject(0);
            assertThat(listed.getString("name")).isEqualTo("laptop");
            assertThat(listed.getString("last_used_at")).isNotNull();
            assertThat(person.tempToken()).as("the password alone is not enough").isNotEmpty();
        }

        @Test
        void aPersonHasSeveralAndRemovesOne() {
            FactorPerson person = person();
            TestAuthenticator laptop = authenticator();
            TestAuthenticator phone = authenticator();
            add(person, laptop, "laptop");
            person.take(login(person, laptop));
            JsonObject options = person.post("/users/me/passkeys/options").data();
            assertThat(options.getJsonArray("excludeCredentials")).hasSize(1);
            JsonObject second = Answers.created(
                    person.addPasskey("phone", phone.registration(options.getString("challenge"))));
            assertThat(second.getValue("recoveryCodes")).isNull();
            assertThat(list(person)).hasSize(2);
            String id = list(person).getJsonObject(0).getString("id");
            assertThat(person.send("DELETE", "/users/me/passkeys/" + id, null).status()).isEqualTo(200);
            assertThat(person.event("factor_remove")).contains(id);
            isRefused(login(person, laptop), 401, "PASSKEY_REFUSED");
            person.take(login(person, phone));
        }

        @Test
        void aSignatureStepsALoginUp() {
            FactorPerson person = person();
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
            FactorPerson person = person();
            TestAuthenticator authenticator = authenticator();
            String id = add(person, authenticator, "laptop").getString("id");
            person.take(login(person, authenticator));
            assertThat(person.send("DELETE", "/users/me/passkeys/" + id, null).status()).isEqualTo(200);
            JsonObject factors = person.send("GET", "/users/me/factors", null).data();
            assertThat(factors.getBoolean("enrolled")).isFalse();
            assertThat(factors.getInteger("recoveryCodesLeft")).isZero();
        }
    }

    @Nested
    class Answers400 {
        @Test
        void whatIsNoPasskeyAtAll() {
            FactorPerson person = person();
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
    class Answers401 {
        private void refusedFor(String reason, FactorPerson person, Api.Answer answer) {
            isRefused(answer, 401, "PASSKEY_REFUSED");
            assertThat(answer.text()).doesNotContain(reason);
            assertThat(person.event("login")).isEqualTo("refused {\"reason\": \"passkey, " + reason + "\"}");
        }

        @Test
        void tamperedLoginsAndTheRecordSaysWhy() {
            FactorPerson person = person();
            TestAuthenticator authenticator = authenticator();
            add(person, authenticator, "laptop");
            TestAuthenticator.Ceremony origin = authenticator.assertion(person.loginChallenge(), person.handle());
            origin.origin = "https://vault.example.com.evil.example";
            refusedFor("origin", person, person.loginBy(origin));
            TestAuthenticator.Ceremony unverified = authenticator.assertion(person.loginChallenge(), person.handle());
            unverified.flags &= ~TestAuthenticator.USER_VERIFIED;
            refusedFor("user_not_verified", person, person.loginBy(unverified));
            TestAuthenticator.Ceremony forged = authenticator.assertion(person.loginChallenge(), person.handle());
            forged.signer = TestAuthenticator.keyPair();
            refusedFor("signature", person, person.loginBy(forged));
            TestAuthenticator.Ceremony other = authenticator.assertion(person.stepUpChallenge(), person.handle());
            refusedFor("challenge", person, person.loginBy(other));
            person.take(login(person, authenticator));
        }

        @Test
        void aSignatureIsGoodOnce() {
            FactorPerson person = person();
            TestAuthenticator authenticator = authenticator();
            add(person, authenticator, "laptop");
            TestAuthenticator.Ceremony ceremony = authenticator.assertion(person.loginChallenge(), person.handle());
            person.take(person.loginBy(ceremony));
            refusedFor("sign_count", person, person.loginBy(ceremony));
            TestAuthenticator.Ceremony again = authenticator.assertion(ceremony.challenge, person.handle());
            refusedFor("replayed", person, person.loginBy(again));
        }

        @Test
        void ofManyAtOnceWithOneSignatureOneGetsIn() {
            FactorPerson person = person();
            TestAuthenticator authenticator = authenticator();
            add(person, authenticator, "laptop");
            TestAuthenticator.Ceremony ceremony = authenticator.assertion(person.loginChallenge(), person.handle());
            ceremony.count = 0;
            String body = new JsonObject().put("credential", ceremony.toJson()).encode();
            List<CompletableFuture<Api.Answer>> all = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                all.add(server.api(null).sendLater("POST", "//api/v1/auth/passkey/login", body));
            }
            List<Integer> statuses = all.stream().map(one -> one.join().status()).toList();
            long won = statuses.stream().filter(status -> status == 200).count();
            Figures.print(new Figures.Line("T41", "one signature, 64 logins at once", 0, 64, won == 1 ? 0 : 1, ""));
            assertThat(won).isEqualTo(1);
            assertThat(statuses.stream().filter(status -> status != 200))
                    .allMatch(status -> status == 401 || status == 429 || status == 503);
        }

        @Test
        void aStrangersPasskeyStepsNobodyUp() {
            FactorPerson person = person();
            add(person, authenticator(), "laptop");
            FactorPerson stranger = person();
            TestAuthenticator theirs = authenticator();
            add(stranger, theirs, "theirs");
            isRefused(stepUp(person, theirs.assertion(person.stepUpChallenge(), null)), 401, "PASSKEY_REFUSED");
            isRefused(stepUp(person, theirs.assertion(person.stepUpChallenge(), person.handle())), 401, "PASSKEY_REFUSED");
            isRefused(
                    person.loginBy(theirs.assertion(person.loginChallenge(), person.handle())), 401, "PASSKEY_REFUSED");
            isRefused(
                    stepUp(stranger, theirs.assertion(person.stepUpChallenge(), null)), 401, "PASSKEY_REFUSED");
            assertThat(stepUp(stranger, theirs).status()).isEqualTo(200);
        }

        @Test
        void anUnknownOneAndOneThatDoesNotSayWhose() {
            FactorPerson person = person();
            isRefused(login(person, authenticator()), 401, "PASSKEY_REFUSED");
            TestAuthenticator authenticator = authenticator();
            add(person, authenticator, "laptop");
            isRefused(
                    person.loginBy(authenticator.assertion(person.loginChallenge(), null)), 401, "PASSKEY_REFUSED");
        }

        @Test
        void tamperedRegistrations() {
            FactorPerson person = person();
            TestAuthenticator.Ceremony ceremony = authenticator().registration(person.creationChallenge());
            ceremony.crossOrigin = true;
            isRefused(person.addPasskey("x", ceremony), 401, "PASSKEY_REFUSED");
            assertThat(person.event("factor_add")).isEqualTo("refused {\"reason\": \"passkey, cross_origin\"}");
            isRefused(
                    person.addPasskey("x", authenticator().registration(person.loginChallenge())), 401, "PASSKEY_REFUSED");
            isRefused(
                    person.addPasskey("x", authenticator().registration(person().creationChallenge())),
                    401,
                    "PASSKEY_REFUSED");
            String challenge = person.creationChallenge();
            assertThat(person.addPasskey("x", authenticator().registration(challenge)).status()).isEqualTo(201);
            isRefused(person.addPasskey("y", authenticator().registration(challenge)), 401, "PASSKEY_REFUSED");
            assertThat(list(person)).hasSize(1);
        }
    }

    @Nested
    class Answers403To500 {
        @Test
        void theFirstNeedsThePassword() {
            isRefused(person().post("/users/me/passkeys/options"), 403, "PASSWORD_REQUIRED");
        }

        @Test
        void anotherOnesIdAndNoIdAreAbsent() {
            FactorPerson person = person();
            TestAuthenticator authenticator = authenticator();
            add(person, authenticator, "laptop");
            FactorPerson stranger = person();
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
            FactorPerson person = person();
            TestAuthenticator authenticator = authenticator();
            add(person, authenticator, "laptop");
            FactorPerson other = person();
            isRefused(
                    other.addPasskey("x", authenticator.registration(other.creationChallenge())), 409, "FACTOR_EXISTS");
        }

        @Test
        void aTwentyFirst() {
            FactorPerson person = person();
            TestAuthenticator authenticator = authenticator();
            add(person, authenticator, "1");
            person.take(login(person, authenticator));
            for (int i = 2; i <= PasskeyStore.MOST; i++) {
                add(person, authenticator(), "" + i);
            }
            isRefused(
                    person.addPasskey("21", authenticator().registration(person.creationChallenge())), 409, "LIMIT_REACHED");
        }

        @Test
        void aPasskeyMovedToSomebodyElseByHandLetsNobodyIn() {
            FactorPerson victim = person();
            FactorPerson thief = person();
            TestAuthenticator authenticator = authenticator();
            add(thief, authenticator, "mine");
            server.database()
                    .execute("update passkey set user_id = ? where user_id = ?", victim.id(), thief.id());
            isRefused(
                    victim.loginBy(authenticator.assertion(victim.loginChallenge(), victim.handle())),
                    500,
                    "SEALED_VALUE_REFUSED");
        }
    }
}
