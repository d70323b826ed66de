package com.fyvault.factors;

import static com.fyvault.support.Answers.isRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.Figures;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What authenticator apps and recovery codes are refused for, apart from being wrong. */
class TotpRefusalsIT extends TotpServerTest {
    @Nested
    class Answers403 {
        @Test
        void theFirstFactorNeedsThePassword() {
            FactorPerson person = somebody();
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
            FactorPerson person = somebody();
            isRefused(person.post("/auth/step-up", code("123456")), 403, "SECOND_FACTOR_REQUIRED");
            isRefused(person.post("/auth/step-up", FactorPerson.password()), 400, "INVALID_FIELD");
            isRefused(person.post("/users/me/recovery-codes"), 403, "SECOND_FACTOR_REQUIRED");
        }

        @Test
        void theRefusalNamesTheRoutesToCallNext() {
            FactorPerson person = somebody();
            Api.Answer without = person.post("/users/me/recovery-codes");
            isRefused(without, 403, "SECOND_FACTOR_REQUIRED");
            assertThat(routes(without)).containsExactly("/v1/users/me/totp", "/v1/users/me/passkeys/options");
            Api.Answer late = enrolled().post("/users/me/recovery-codes");
            isRefused(late, 403, "STEP_UP_REQUIRED");
            assertThat(routes(late)).containsExactly("/v1/auth/step-up");
            for (Api.Answer refused : List.of(without, late)) {
                for (String route : routes(refused)) {
                    Api.Answer answer = server.api(person.token()).send("POST", "/" + route, "{}");
                    assertThat(answer.status()).as(route).isIn(400, 403);
                }
            }
        }

        private static List<String> routes(Api.Answer refused) {
            return Pattern.compile("/v1/[a-z/-]+")
                    .matcher(refused.json().getString("error"))
                    .results()
                    .map(MatchResult::group)
                    .toList();
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
            FactorPerson person = somebody();
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
                                    new JsonObject()
                                            .put("tempToken", token)
                                            .put("totpCode", code)
                                            .encode()))
                    .toList();
            List<Integer> statuses =
                    all.stream().map(one -> one.join().status()).sorted().toList();
            Figures.print(new Figures.Line(
                    "T41",
                    "one code, 16 logins at once, over HTTP",
                    0,
                    statuses.size(),
                    statuses.stream().filter(status -> status == 200).count() == 1 ? 0 : 1,
                    "statuses=" + statuses));
            assertThat(statuses.stream().filter(status -> status == 200)).hasSize(1);
            assertThat(statuses.stream().filter(status -> status != 200))
                    .allMatch(status -> status == 401 || status == 429);
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
