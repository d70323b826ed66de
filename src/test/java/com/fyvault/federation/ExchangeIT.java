package com.fyvault.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fyvault.platform.config.Config;
import com.fyvault.platform.config.PostgresSettings;
import com.fyvault.platform.postgres.Database;
import com.fyvault.support.Api;
import com.fyvault.support.ServerTest;
import com.fyvault.support.TestServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** {@code /auth/oidc/github} and {@code /auth/oidc/exchange}, by status, with issuers that run here. */
class ExchangeIT extends ServerTest {
    private static final String GRANT = "urn:ietf:params:oauth:grant-type:token-exchange";
    private static final String JWT = "urn:ietf:params:oauth:token-type:jwt";

    private TestIssuer issuer;
    private Exchanges exchanges;

    @Override
    protected Map<String, String> settings() {
        return Map.of("credentials.sessions", "8");
    }

    @BeforeAll
    void prepare() {
        issuer = TestIssuer.start(server.vertx());
        exchanges = new Exchanges(server);
        server.createSecret("API_KEY", "s3cret");
        exchanges.made(Exchanges.github(issuer, "acme/app"));
    }

    @AfterAll
    void stop() {
        issuer.close();
    }

    private JsonObject rfc(String token) {
        return new JsonObject()
                .put("grant_type", GRANT)
                .put("subject_token", token)
                .put("subject_token_type", JWT)
                .put("audience", server.orgId().toString());
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class Answers200 {
        @Test
        void aGithubJobGetsASessionThatReadsAndNothingElse() {
            Api.Answer answer = exchanges.exchange(issuer.token(issuer.github("acme/app")));
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            JsonObject made = answer.data();
            assertThat(made.getString("token")).startsWith("fvsess_");
            assertThat(made.getString("org_id")).isEqualTo(server.orgId().toString());
            assertThat(Instant.parse(made.getString("expires_at")))
                    .isCloseTo(Instant.now().plusSeconds(900), within(10, ChronoUnit.SECONDS));
            Api job = server.api(made.getString("token"));
            assertThat(job.value("API_KEY")).isEqualTo("s3cret");
            assertThat(job.post("/secrets", new JsonObject().put("name", "X").put("value", "y"))
                            .code())
                    .isEqualTo("SCOPE_MISSING");
            assertThat(job.post("/access-tokens", new JsonObject()).code()).isEqualTo("PARENT_MUST_BE_API_KEY");
            assertThat(answer.header("cache-control")).isEqualTo("no-store");
        }

        @Test
        void theTrailNamesTheRuleAndTheSubject() {
            Api.Answer answer = exchanges.exchange(issuer.token(issuer.github("acme/app")));
            JsonObject record = exchanges.lastRecord();
            assertThat(record.getString("id")).isEqualTo(answer.requestId());
            assertThat(record.getString("outcome")).isEqualTo("done");
            assertThat(record.getJsonObject("actor").getString("kind")).isEqualTo("federation");
            assertThat(record.getJsonObject("details").getString("subject"))
                    .isEqualTo("repo:acme/app:ref:refs/heads/main");
            assertThat(record.getJsonObject("details").getString("rule_id"))
                    .isEqualTo(answer.data().getString("rule_id"))
                    .isEqualTo(record.getString("token_id"));
        }

        @Test
        void aGitlabJobGetsOneAsOftenAsItAsks() {
            exchanges.made(Exchanges.rule(
                    "gitlab",
                    issuer,
                    new JsonObject().put("sub", "project_path:acme/api:*").put("ref_protected", "true")));
            String token = issuer.token(issuer.claims("project_path:acme/api:ref_type:branch:ref:main")
                    .put("ref_protected", "true"));
            assertThat(exchanges.session(token).value("API_KEY")).isEqualTo("s3cret");
            assertThat(exchanges.session(token).value("API_KEY")).isEqualTo("s3cret");
        }

        @Test
        void aPodIsKnownByKeysInTheRuleOrAtAnAddressOfTheRule() {
            String subject = "system:serviceaccount:billing:api";
            JsonObject conditions = new JsonObject().put("sub", subject).put("/kubernetes.io/namespace", "billing");
            JsonObject inline = Exchanges.rule("kubernetes", issuer, conditions)
                    .put("issuer", "https://kubernetes.default.svc.cluster.local")
                    .put("jwks", issuer.jwks());
            exchanges.made(inline);
            exchanges.made(inline.copy()
                    .put("issuer", "kubernetes/one")
                    .put("jwksUrl", issuer.url() + "/keys")
                    .putNull("jwks"));
            for (String name : List.of("https://kubernetes.default.svc.cluster.local", "kubernetes/one")) {
                JsonObject claims = issuer.claims(subject)
                        .put("iss", name)
                        .put("aud", new JsonArray().add("fyvault").add("other"))
                        .put("kubernetes.io", new JsonObject().put("namespace", "billing"));
                assertThat(exchanges
                                .session(issuer.token("ES256", TestIssuer.EC, claims))
                                .value("API_KEY"))
                        .isEqualTo("s3cret");
            }
        }

        @Test
        void aSpiffeIdentityAndAnyOtherIssuersAreTakenWithEveryAlgorithmOfTheirs() {
            exchanges.made(Exchanges.rule("spiffe", issuer, new JsonObject().put("sub", "spiffe://example.org/ns/*")));
            JsonObject workload = issuer.claims("spiffe://example.org/ns/prod");
            workload.remove("iat");
            workload.remove("nbf");
            workload.remove("jti");
            assertThat(exchanges
                            .session(issuer.token("EdDSA", TestIssuer.ED, workload))
                            .value("API_KEY"))
                    .isEqualTo("s3cret");
            exchanges.made(Exchanges.rule("oidc", issuer, new JsonObject().put("subject", "machine-7")));
            for (String[] key : new String[][] {
                {"RS256", TestIssuer.RSA}, {"PS256", TestIssuer.RSA}, {"ES256", TestIssuer.EC}, {"EdDSA", TestIssuer.ED}
            }) {
                String token = issuer.token(key[0], key[1], issuer.claims("machine-7"));
                assertThat(exchanges.session(token).value("API_KEY")).isEqualTo("s3cret");
            }
        }

        @Test
        void theExchangeOfRfc8693TakesAFormAndJsonAndAnswersInItsShape() {
            String form = String.join(
                    "&",
                    rfc(issuer.token(issuer.github("acme/app"))).stream()
                            .map(field -> field.getKey() + "="
                                    + URLEncoder.encode(String.valueOf(field.getValue()), StandardCharsets.UTF_8))
                            .toList());
            Api.Answer asForm = RawForm.post(server.url() + "/api/v1/auth/oidc/exchange", form);
            JsonObject json = rfc(issuer.token(issuer.github("acme/app")));
            json.remove("audience");
            Api.Answer asJson = server.api(null)
                    .post(Exchanges.RFC, json.put("resource", server.url() + "/orgs/" + server.orgId()));
            for (Api.Answer answer : List.of(asForm, asJson)) {
                assertThat(answer.status()).as(answer.text()).isEqualTo(200);
                JsonObject body = answer.json();
                assertThat(body.getString("token_type")).isEqualTo("Bearer");
                assertThat(body.getInteger("expires_in")).isEqualTo(900);
                assertThat(body.getString("issued_token_type"))
                        .isEqualTo("urn:ietf:params:oauth:token-type:access_token");
                assertThat(body.getBoolean("success")).isTrue();
                assertThat(server.api(body.getString("access_token")).value("API_KEY"))
                        .isEqualTo("s3cret");
            }
        }
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class Answers4xx {
        @Test
        void aGithubTokenIsExchangedOnceAlsoByManyAtOnce() {
            String token = issuer.token(issuer.github("acme/app"));
            String body = new JsonObject()
                    .put("idToken", token)
                    .put("orgId", server.orgId().toString())
                    .encode();
            List<CompletableFuture<Api.Answer>> all = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                all.add(server.api(null).sendLater("POST", Exchanges.GITHUB, body));
            }
            List<Integer> statuses =
                    all.stream().map(one -> one.join().status()).toList();
            assertThat(statuses).containsOnly(200, 401);
            assertThat(statuses.stream().filter(status -> status == 200)).hasSize(1);
            assertThat(exchanges.exchange(token).code()).isEqualTo("IDENTITY_REFUSED");
            assertThat(exchanges.lastRecord().getJsonObject("details").getString("reason"))
                    .isEqualTo("already_exchanged");
        }

        @Test
        void whatIsWrongIsNotToBeSeenFromOutside() {
            JsonObject good = issuer.github("acme/app");
            List<Api.Answer> answers = List.of(
                    exchanges.exchange(issuer.token(good), "01a1fca5-82d9-700e-8312-0f75edae1fd1"),
                    exchanges.exchange(issuer.token(good), "no id"),
                    exchanges.exchange(issuer.token(good.copy().put("iss", "https://nobody.example"))),
                    exchanges.exchange(issuer.token(issuer.github("acme/other"))),
                    exchanges.exchange(issuer.token(good.copy().put("aud", "another"))),
                    exchanges.exchange(issuer.token("RS256", "no-such-key", good)),
                    exchanges.exchange(issuer.token("ES256", TestIssuer.EC, good)),
                    exchanges.exchange(issuer.token(good) + "A"),
                    exchanges.exchange("x"),
                    exchanges.exchange("y".repeat(20_000)));
            for (Api.Answer answer : answers) {
                assertThat(answer.status()).isEqualTo(401);
                assertThat(answer.json().copy().put("requestId", ""))
                        .isEqualTo(new JsonObject()
                                .put("success", false)
                                .put("error", "The identity token was not accepted")
                                .put("code", "IDENTITY_REFUSED")
                                .put("requestId", ""));
                assertThat(answer.response().headers().map().keySet())
                        .isEqualTo(answers.get(0).response().headers().map().keySet());
            }
        }

        @Test
        void aRefusalStandsInTheTrailOfTheOrganizationWithItsReason() {
            Map<JsonObject, String> expected = Map.of(
                    issuer.github("acme/other"), "conditions",
                    issuer.github("acme/app").put("aud", "another"), "audience",
                    issuer.github("acme/app").put("exp", 1_000), "time",
                    issuer.github("acme/app").put("iss", "https://nobody.example"), "no_rule");
            expected.forEach((claims, reason) -> {
                Api.Answer answer = exchanges.exchange(issuer.token(claims));
                JsonObject record = exchanges.lastRecord();
                assertThat(record.getString("id")).isEqualTo(answer.requestId());
                assertThat(record.getString("outcome")).isEqualTo("refused");
                assertThat(record.getJsonObject("details").getString("reason")).isEqualTo(reason);
            });
        }

        @Test
        void aRequestWithoutItsFieldsIsWrong() {
            Api nobody = server.api(null);
            assertThat(nobody.post(Exchanges.GITHUB, new JsonObject()).code()).isEqualTo("INVALID_FIELD");
            assertThat(nobody.send("POST", Exchanges.GITHUB, "{").code()).isEqualTo("MALFORMED_JSON");
            assertThat(nobody.send("POST", Exchanges.GITHUB, "x".repeat(65_537)).code())
                    .isEqualTo("BODY_TOO_LARGE");
            for (String field : List.of("grant_type", "subject_token", "subject_token_type", "audience")) {
                JsonObject without = rfc("a.b.c");
                without.remove(field);
                assertThat(nobody.post(Exchanges.RFC, without).code()).as(field).isEqualTo("INVALID_FIELD");
            }
            assertThat(nobody.post(Exchanges.RFC, rfc("a.b.c").put("actor_token", "x"))
                            .status())
                    .isEqualTo(400);
        }

        @Test
        void aRuleHasOnlySoManyLiveSessions() {
            exchanges.made(Exchanges.github(issuer, "acme/busy"));
            for (int i = 0; i < 8; i++) {
                assertThat(exchanges
                                .exchange(issuer.token(issuer.github("acme/busy")))
                                .status())
                        .isEqualTo(200);
            }
            assertThat(exchanges
                            .exchange(issuer.token(issuer.github("acme/busy")))
                            .code())
                    .isEqualTo("LIMIT_REACHED");
            assertThat(exchanges.lastRecord().getJsonObject("details").getString("code"))
                    .isEqualTo("LIMIT_REACHED");
        }
    }

    @Test
    void usedTokensAreForgottenAnHourAfterTheyHaveExpired() {
        assertThat(exchanges.exchange(issuer.token(issuer.github("acme/app"))).status())
                .isEqualTo(200);
        long live = server.database().count("select count(*) from used_identity");
        for (String ago : List.of("59 minutes", "61 minutes", "3 days")) {
            server.database()
                    .execute("insert into used_identity select org_id, sha256('" + ago + "'), now() - interval '" + ago
                            + "' from org");
        }
        Database database = new Database(
                server.vertx(),
                PostgresSettings.from(Config.of(server.database().settings())),
                "purge-identities");
        assertThat(TestServer.await(new PostgresUsedIdentities(database).purge()))
                .isEqualTo(2);
        assertThat(server.database().count("select count(*) from used_identity"))
                .isEqualTo(live + 1);
    }
}
