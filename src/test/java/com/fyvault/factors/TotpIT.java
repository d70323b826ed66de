package com.fyvault.factors;

import static com.fyvault.support.Answers.isRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Answers;
import com.fyvault.support.Api;
import com.fyvault.support.Figures;
import com.fyvault.support.TestPeople;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Authenticator apps and recovery codes, from enrolling to the login and to their end. */
class TotpIT extends TotpServerTest {
    @Nested
    class Answers200 {
        @Test
        void anAppIsEnrolledAndAskedForAtTheLogin() {
            FactorPerson person = somebody();
            JsonObject begun = Answers.created(person.post("/users/me/totp", FactorPerson.password()));
            assertThat(begun.getString("uri"))
                    .startsWith("otpauth://totp/FyVault:totp")
                    .contains("&digits=6&period=30");
            assertThat(begun.getString("uri")).contains("secret=" + begun.getString("secret"));
            assertThat(begun.getString("qrCode")).startsWith("<svg ");
            person.beginTotp();
            assertThat(new TestPeople(server).login(person.email()))
                    .as("nothing is asked for before the first code")
                    .isNotEmpty();
            String first = person.shown();
            Api.Answer confirmed = person.post("/users/me/totp/confirm", code(first));
            assertThat(confirmed.data().getJsonArray("recoveryCodes")).hasSize(10);
            String token = person.tempToken();
            isRefused(person.finish(token, first), 401, "CODE_REFUSED");
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

        /** Published clients call it `totpCode` at the login; nobody has to know where it is called what. */
        @ParameterizedTest
        @ValueSource(strings = {"code", "totpCode"})
        void aCodeIsGoodUnderEitherNameAtEachDoor(String name) {
            FactorPerson person = somebody();
            person.beginTotp();
            JsonObject first = new JsonObject().put(name, person.shown());
            assertThat(person.post("/users/me/totp/confirm", first).status()).isEqualTo(200);
            JsonObject login = new JsonObject()
                    .put("tempToken", person.tempToken())
                    .put(name, person.code().getString("code"));
            person.take(person.postByNobody("/auth/totp/login", login));
            JsonObject again = new JsonObject().put(name, person.code().getString("code"));
            assertThat(person.post("/auth/step-up", again).status()).isEqualTo(200);
            assertThat(person.send("GET", "/users/me", null).data().getString("userId"))
                    .isEqualTo(person.id().toString());
        }

        @Test
        void aRecoveryCodeIsGoodOnceInEitherCase() {
            FactorPerson person = somebody();
            List<String> codes = person.enrolTotp();
            person.take(person.finish(person.tempToken(), codes.get(0).toUpperCase(Locale.ROOT)));
            isRefused(person.finish(person.tempToken(), codes.get(0)), 401, "CODE_REFUSED");
            person.take(person.finish(person.tempToken(), codes.get(1)));
            assertThat(person.send("GET", "/users/me/factors", null).data().getInteger("recoveryCodesLeft"))
                    .isEqualTo(8);
        }

        @Test
        void renewedRecoveryCodesTakeThePlaceOfTheOldOnes() {
            FactorPerson person = somebody();
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
            Figures.print(
                    new Figures.Line("T41", "malformed codes, over HTTP", 0, 2L * malformed.size(), accepted, ""));
            assertThat(accepted).isZero();
            person.take(person.finish(token, person.code().getString("code")));
        }

        @Test
        void fieldsThatAreMissingOrTooMany() {
            FactorPerson person = enrolled();
            isRefused(person.post("/users/me/totp/confirm"), 400, "INVALID_FIELD");
            JsonObject both = person.code();
            both.put("totpCode", both.getString("code")).put("tempToken", person.tempToken());
            for (String path : List.of("/users/me/totp/confirm", "/auth/step-up", "/auth/totp/login")) {
                isRefused(person.post(path, both), 400, "INVALID_FIELD");
            }
            isRefused(person.post("/auth/step-up"), 400, "INVALID_FIELD");
            isRefused(person.post("/auth/step-up", person.code().put("recoveryCode", "x")), 400, "INVALID_FIELD");
            isRefused(
                    person.post("/auth/step-up", new JsonObject().put("recoveryCode", "123456")), 400, "INVALID_FIELD");
            isRefused(person.post("/auth/step-up", code("aaaa-bbbb-cccc-dddd")), 400, "INVALID_FIELD");
            isRefused(person.post("/auth/step-up", new JsonObject().put("code", 123456)), 400, "INVALID_FIELD");
            isRefused(person.postByNobody("/auth/totp/login", new JsonObject()), 400, "INVALID_FIELD");
            isRefused(
                    person.postByNobody("/auth/totp/login", new JsonObject().put("tempToken", "x")),
                    400,
                    "INVALID_FIELD");
        }
    }

    @Nested
    class Answers401 {
        @Test
        void aWrongCodeAtEachDoor() {
            FactorPerson person = somebody();
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
            for (String path :
                    List.of("/users/me/totp", "/users/me/totp/confirm", "/users/me/recovery-codes", "/auth/step-up")) {
                isRefused(somebody().postByNobody(path, new JsonObject()), 401, "TOKEN_MISSING");
            }
        }
    }
}
