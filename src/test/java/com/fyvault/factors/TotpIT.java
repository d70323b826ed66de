package com.fyvault.factors;

import static com.fyvault.support.Answers.isRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Answers;
import com.fyvault.support.Api;
import com.fyvault.support.Figures;
import com.fyvault.support.ServerTest;
import com.fyvault.support.TestPeople;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Authenticator apps and recovery codes, from enrolling to the login and to their end. */
class TotpIT extends ServerTest {
    private static final AtomicInteger PEOPLE = new AtomicInteger();

    private FactorPerson person() {
        return new FactorPerson(server, "totp" + PEOPLE.incrementAndGet() + "@example.com");
    }

    private FactorPerson enrolled() {
        FactorPerson person = person();
        person.enrolTotp();
        return person;
    }

    private static JsonObject code(String code) {
        return new JsonObject().put("code", code);
    }

    /** Six digits that are not what the app shows around now. */
    private static String wrong(FactorPerson person) {
        List<String> near = List.of(person.shown(-2), person.shown(-1), person.shown(), person.shown(1), person.shown(2));
        return List.of("000000", "111111", "222222", "333333", "444444", "555555").stream()
                .filter(code -> !near.contains(code))
                .findFirst()
                .orElseThrow();
    }

    @Nested
    class Answers200 {
        @Test
        void anAppIsEnrolledAndAskedForAtTheLogin() {
            FactorPerson person = person();
            JsonObject begun = Answers.created(person.post("/users/me/totp", FactorPerson.password()));
            assertThat(begun.getString("uri")).startsWith("otpauth://totp/FyVault:totp").contains("&digits=6&period=30");
            assertThat(begun.getString("uri")).contains("secret=" + begun.getString("secret"));
            assertThat(begun.getString("qrCode")).startsWith("<svg ");
            person.beginTotp();
            assertThat(new TestPeople(server).login(person.email()))
                    .as("nothing is asked for before the first code")
                    .isNotEmpty();
            Api.Answer confirmed = person.post("/users/me/totp/confirm", code(person.shown()));
            assertThat(confirmed.data().getJsonArray("recoveryCodes")).hasSize(10);
            String token = person.tempToken();
            isRefused(person.finish(token, person.shown()), 401, "CODE_REFUSED");
            person.take(person.finish(token, person.code().getString("code")));
            Api.Answer me = person.send("GET", "/users/me", null);
            assertThat(me.data().getString("steppedUpAt")).isNotNull();
            JsonObject factors = person.send("GET", "/users/me/factors", null).data();
            assertThat(factors.getBoolean("enrolled")).isTrue();
            assertThat(factors.getBoolean("totp")).isTrue();
            assertThat(factors.getInteger("recoveryCodesLeft")).isEqualTo(10);
            assertThat(person.event("login")).startsWith("done");
            assertThat(person.event("factor_add")).contains("totp");
        }

        @Test
        void aRecoveryCodeIsGoodOnceInEitherCase() {
            FactorPerson person = person();
            List<String> codes = person.enrolTotp();
            person.take(person.finish(person.tempToken(), codes.get(0).toUpperCase(Locale.ROOT)));
            isRefused(person.finish(person.tempToken(), codes.get(0)), 401, "CODE_REFUSED");
            person.take(person.finish(person.tempToken(), codes.get(1)));
            assertThat(person.send("GET", "/users/me/factors", null).data().getInteger("recoveryCodesLeft"))
                    .isEqualTo(8);
        }

        @Test
        void renewedRecoveryCodesTakeThePlaceOfTheOldOnes() {
            FactorPerson person = person();
            List<String> codes = person.enrolTotp();
            person.stepUp();
            JsonObject renewed = Answers.created(person.post("/users/me/recovery-codes"));
            assertThat(renewed.getJsonArray("recoveryCodes")).hasSize(10).doesNotContainAnyElementsOf(codes);
            isRefused(person.finish(person.tempToken(), codes.get(0)), 401, "CODE_REFUSED");
            person.take(person.finish(
                    person.tempToken(), renewed.getJsonArray("recoveryCodes").getString(9)));
        }

        @Test
        void afterItIsRemovedThePasswordIsEnough() {
            FactorPerson person = enrolled();
            person.stepUp();
            assertThat(person.send("DELETE", "/users/me/totp", null).status()).isEqualTo(200);
            assertThat(new TestPeople(server).login(person.email())).isNotEmpty();
            JsonObject factors = person.send("GET", "/users/me/factors", null).data();
            assertThat(factors.getBoolean("enrolled")).isFalse();
            assertThat(factors.getInteger("recoveryCodesLeft")).isZero();
            assertThat(person.event("factor_remove")).isEqualTo("done {\"factor\": \"totp\"}");
            person.enrolTotp();
        }
    }

    @Nested
    class Answers400 {
        @Test
        void malformedCodesAreRefusedBeforeTheyCount() {
            FactorPerson person = enrolled();
            String token = person.tempToken();
            String right = person.code().getString("code");
            List<String> malformed = Malformed.of(right);
            long accepted = 0;
            for (String text : malformed) {
                Api.Answer login = person.finish(token, text);
                Api.Answer stepUp = person.post("/auth/step-up", code(text));
                accepted += login.status() == 200 || stepUp.status() == 200 ? 1 : 0;
                isRefused(login, 400, "INVALID_FIELD");
                isRefused(stepUp, 400, "INVALID_FIELD");
            }
            Figures.print(new Figures.Line(
                    "T41", "malformed codes, over HTTP", 0, 2L * malformed.size(), accepted, ""));
            assertThat(accepted).isZero();
            person.take(person.finish(token, person.code().getString("code")));
        }

        @Test
        void fieldsThatAreMissingOrTooMany() {
            FactorPerson person = enrolled();
            isRefused(person.post("/users/me/totp/confirm"), 400, "INVALID_FIELD");
            isRefused(person.post("/auth/step-up"), 400, "INVALID_FIELD");
            isRefused(person.post("/auth/step-up", person.code().put("recoveryCode", "x")), 400, "INVALID_FIELD");
            isRefused(person.post("/auth/step-up", new JsonObject().put("recoveryCode", "123456")), 400, "INVALID_FIELD");
            isRefused(person.post("/auth/step-up", code("aaaa-bbbb-cccc-dddd")), 400, "INVALID_FIELD");
            isRefused(person.post("/auth/step-up", new JsonObject().put("code", 123456)), 400, "INVALID_FIELD");
            isRefused(person.postByNobody("/auth/totp/login", new JsonObject()), 400, "INVALID_FIELD");
            isRefused(
                    person.postByNobody("/auth/totp/login", new JsonObject().put("tempToken", "x")), 400, "INVALID_FIELD");
        }
    }

    @Nested
    class Answers401 {
        @Test
        void aWrongCodeAtEachDoor() {
            FactorPerson person = person();
            person.beginTotp();
            isRefused(person.post("/users/me/totp/confirm", code(wrong(person))), 401, "CODE_REFUSED");
            assertThat(person.event("factor_add")).startsWith("refused");
            person.enrolTotp();
            isRefused(person.finish(person.tempToken(), wrong(person)), 401, "CODE_REFUSED");
            assertThat(person.event("login")).startsWith("refused");
            isRefused(person.post("/auth/step-up", code(wrong(person))), 401, "CODE_REFUSED");
            assertThat(person.event("step_up")).isEqualTo("refused {\"reason\": \"code\"}");
            isRefused(
                    person.post("/auth/step-up", new JsonObject().put("recoveryCode", "aaaa-bbbb-cccc-dddd")),
                    401,
                    "CODE_REFUSED");
        }

        @Test
        void codesOfOtherSteps() {
            FactorPerson person = enrolled();
            for (int away : List.of(-3, -2, 3)) {
                var _ = person.code();
                isRefused(person.post("/auth/step-up", code(person.shown(away))), 401, "CODE_REFUSED");
            }
            person.stepUp();
        }

        @Test
        void aTokenOfTheFirstStepThatIsUnknownOrUsed() {
            FactorPerson person = enrolled();
            isRefused(person.finish("fvstep_nothing", person.code().getString("code")), 401, "LOGIN_EXPIRED");
            String token = person.tempToken();
            person.take(person.finish(token, person.code().getString("code")));
            isRefused(person.finish(token, person.code().getString("code")), 401, "LOGIN_EXPIRED");
        }

        @Test
        void aSixthTryWithOnePassword() {
            FactorPerson person = enrolled();
            String token = person.tempToken();
            for (int i = 0; i < 5; i++) {
                isRefused(person.finish(token, wrong(person)), 401, "CODE_REFUSED");
                server.database().execute("delete from guess");
            }
            isRefused(person.finish(token, person.code().getString("code")), 401, "LOGIN_EXPIRED");
            person.take(person.finish(person.tempToken(), person.code().getString("code")));
        }

        @Test
        void nobodyIsLoggedIn() {
            for (String path : List.of("/users/me/totp", "/users/me/totp/confirm", "/users/me/recovery-codes", "/auth/step-up")) {
                isRefused(person().postByNobody(path, new JsonObject()), 401, "TOKEN_MISSING");
            }
        }
    }

    @Nested
    class Answers403 {
        @Test
        void theFirstFactorNeedsThePassword() {
            FactorPerson person = person();
            isRefused(person.post("/users/me/totp"), 403, "PASSWORD_REQUIRED");
            Api.Answer wrong = person.post("/users/me/totp", new JsonObject().put("password", "not the password"));
            assertThat(wrong.code()).isEqualTo("PASSWORD_WRONG");
            assertThat(person.event("factor_add")).startsWith("refused");
        }

        @Test
        void changesNeedAFactorThatWasConfirmedLately() {
            FactorPerson person = enrolled();
            isRefused(person.send("DELETE", "/users/me/totp", null), 403, "STEP_UP_REQUIRED");
            isRefused(person.post("/users/me/recovery-codes"), 403, "STEP_UP_REQUIRED");
            isRefused(person.post("/users/me/passkeys/options", FactorPerson.password()), 403, "STEP_UP_REQUIRED");
        }

        @Test
        void whoHasNoFactorCannotStepUpByAnything() {
            FactorPerson person = person();
            isRefused(person.post("/auth/step-up", code("123456")), 403, "SECOND_FACTOR_REQUIRED");
            isRefused(person.post("/auth/step-up", FactorPerson.password()), 400, "INVALID_FIELD");
            isRefused(person.post("/users/me/recovery-codes"), 403, "SECOND_FACTOR_REQUIRED");
        }

        @Test
        void anApiKeyIsNobody() {
            isRefused(owner.post("//api/v1/users/me/totp", new JsonObject()), 403, "KIND_NOT_ALLOWED");
            isRefused(owner.post("//api/v1/auth/step-up", code("123456")), 403, "KIND_NOT_ALLOWED");
        }
    }

    @Nested
    class Answers404And409 {
        @Test
        void whatIsNotThereOrThereAlready() {
            FactorPerson person = person();
            isRefused(person.post("/users/me/totp/confirm", code("123456")), 404, "FACTOR_NOT_FOUND");
            isRefused(person.send("DELETE", "/users/me/totp", null), 404, "FACTOR_NOT_FOUND");
            isRefused(person.post("/auth/step-up/options"), 404, "FACTOR_NOT_FOUND");
            person.enrolTotp();
            isRefused(person.post("/users/me/totp", FactorPerson.password()), 409, "FACTOR_EXISTS");
        }
    }

    @Nested
    class Answers429 {
        @Test
        void theSixthWrongCodeIn15MinutesAndNoneAfterARightOne() {
            FactorPerson person = enrolled();
            for (int i = 0; i < 4; i++) {
                isRefused(person.post("/auth/step-up", code(wrong(person))), 401, "CODE_REFUSED");
            }
            person.stepUp();
            for (int i = 0; i < 5; i++) {
                isRefused(person.post("/auth/step-up", code(wrong(person))), 401, "CODE_REFUSED");
            }
            Api.Answer refused = person.post("/auth/step-up", person.code());
            isRefused(refused, 429, "RATE_LIMITED");
            assertThat(Integer.parseInt(refused.header("retry-after"))).isBetween(1, 900);
            isRefused(person.finish(person.tempToken(), person.code().getString("code")), 429, "RATE_LIMITED");
        }

        @Test
        void ofManyLoginsWithOneCodeOneGetsIn() {
            FactorPerson person = enrolled();
            List<String> tokens = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                tokens.add(person.tempToken());
            }
            String code = person.code().getString("code");
            List<CompletableFuture<Api.Answer>> all = tokens.stream()
                    .map(token -> server.api(null)
                            .sendLater(
                                    "POST",
                                    "//api/v1/auth/totp/login",
                                    new JsonObject().put("tempToken", token).put("totpCode", code).encode()))
                    .toList();
            List<Integer> statuses = all.stream().map(one -> one.join().status()).sorted().toList();
            Figures.print(new Figures.Line(
                    "T41",
                    "one code, 16 logins at once, over HTTP",
                    0,
                    statuses.size(),
                    statuses.stream().filter(status -> status == 200).count() == 1 ? 0 : 1,
                    "statuses=" + statuses));
            assertThat(statuses.stream().filter(status -> status == 200)).hasSize(1);
            assertThat(statuses.stream().filter(status -> status != 200)).allMatch(status -> status == 401 || status == 429);
        }
    }

    @Nested
    class Answers500 {
        @Test
        void aSecretThatWasChangedByHandLetsNobodyIn() {
            FactorPerson person = enrolled();
            var _ = person.code();
            server.database()
                    .execute(
                            "update totp set sealed = set_byte(sealed, 20, get_byte(sealed, 20) # 1) where user_id = ?",
                            person.id());
            isRefused(person.post("/auth/step-up", code("123456")), 500, "SEALED_VALUE_REFUSED");
        }
    }
}
