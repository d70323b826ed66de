package com.fyvault.federation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.ServerTest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** {@code /orgs/{org}/trust-rules}, by status, and what a change of a rule does to its live sessions. */
class TrustRulesIT extends ServerTest {
    private static final String RULES = Exchanges.RULES;

    private TestIssuer issuer;
    private Exchanges exchanges;
    private int repositories;

    @BeforeAll
    void prepare() {
        issuer = TestIssuer.start(server.vertx());
        exchanges = new Exchanges(server);
        server.createSecret("API_KEY", "s3cret");
    }

    @AfterAll
    void stop() {
        issuer.close();
    }

    /** A rule of a repository of its own, its path, and a session under it. */
    private record Live(String path, String repository, Api session) {}

    private Live live() {
        String repository = "acme/app-" + ++repositories;
        String id = exchanges.made(Exchanges.github(issuer, repository)).getString("id");
        Api session = exchanges.session(issuer.token(issuer.github(repository)));
        assertThat(session.value("API_KEY")).isEqualTo("s3cret");
        return new Live(RULES + "/" + id, repository, session);
    }

    private static JsonObject one(String name, Object value) {
        return new JsonObject().put(name, value);
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class Answers200And201 {
        @Test
        void aRuleIsShownAsItWasMadeInBothSpellings() {
            JsonObject made = exchanges.made(Exchanges.github(issuer, "acme/shown")
                    .put("ttlSeconds", 120)
                    .put("allowed_secrets", new JsonArray().add("API_*"))
                    .put("cidrs", new JsonArray().add("127.0.0.0/8")));
            JsonObject shown = owner.get(RULES + "/" + made.getString("id")).data();
            assertThat(shown).isEqualTo(made);
            assertThat(shown.getString("audience")).isEqualTo("fyvault");
            assertThat(shown.getJsonObject("conditions").getString("repository"))
                    .isEqualTo("acme/shown");
            assertThat(shown.getInteger("ttl_seconds")).isEqualTo(shown.getInteger("ttlSeconds"));
            assertThat(shown.getBoolean("singleUse")).isTrue();
            assertThat(shown.getJsonArray("allowedSecrets")).containsExactly("api_*");
            assertThat(owner.get(RULES).list()).contains(shown);
            assertThat(exchanges
                            .session(issuer.token(issuer.github("acme/shown")))
                            .value("API_KEY"))
                    .isEqualTo("s3cret");
        }

        @Test
        void aRevokedRuleEndsItsSessionsAndAcceptsNothing() {
            Live live = live();
            assertThat(owner.delete(live.path()).data().getBoolean("is_active")).isFalse();
            assertThat(live.session().get("/secrets").code()).isEqualTo("TOKEN_REVOKED");
            assertThat(exchanges
                            .exchange(issuer.token(issuer.github(live.repository())))
                            .status())
                    .isEqualTo(401);
            assertThat(owner.delete(live.path()).status()).isEqualTo(200);
            assertThat(owner.patch(live.path(), one("name", "x")).code()).isEqualTo("TRUST_RULE_NOT_FOUND");
            assertThat(owner.get(RULES).text()).doesNotContain(live.repository());
            assertThat(owner.get(RULES + "?revoked=true").text()).contains(live.repository() + "\"");
        }

        @Test
        void aNarrowedRuleCutsItsLiveSessionsDownAtOnce() {
            Live live = live();
            assertThat(owner.patch(live.path(), one("allowedSecrets", new JsonArray().add("OTHER")))
                            .status())
                    .isEqualTo(200);
            assertThat(live.session().get("/secrets/by-name/API_KEY/value").code())
                    .isEqualTo("SECRET_NOT_ALLOWED");
            assertThat(owner.patch(live.path(), one("cidrs", new JsonArray().add("192.0.2.0/24")))
                            .status())
                    .isEqualTo(200);
            assertThat(live.session().get("/secrets").code()).isEqualTo("ADDRESS_NOT_ALLOWED");
            assertThat(exchanges
                            .exchange(issuer.token(issuer.github(live.repository())))
                            .status())
                    .isEqualTo(401);
            assertThat(exchanges.lastRecord().getJsonObject("details").getString("reason"))
                    .isEqualTo("address");
        }

        @Test
        void aRuleThatAcceptsOthersOrForLessTimeEndsItsSessions() {
            for (JsonObject change : List.of(
                    one("conditions", one("repository", "acme/moved").put("ref", "refs/heads/*")),
                    one("audience", "elsewhere"),
                    one("ttlSeconds", 60))) {
                Live live = live();
                assertThat(owner.patch(live.path(), change).status()).isEqualTo(200);
                assertThat(live.session().get("/secrets").code()).isEqualTo("TOKEN_REVOKED");
            }
        }

        @Test
        void aNewNameEndsNothing() {
            Live live = live();
            assertThat(owner.patch(live.path(), one("name", "renamed")).data().getString("name"))
                    .isEqualTo("renamed");
            assertThat(live.session().value("API_KEY")).isEqualTo("s3cret");
            assertThat(exchanges
                            .session(issuer.token(issuer.github(live.repository())))
                            .value("API_KEY"))
                    .isEqualTo("s3cret");
        }

        @Test
        void aRuleDiesWithTheKeyThatMadeIt() {
            JsonObject key = server.key(one("label", "maker"));
            Api maker = owner.as(key.getString("token"));
            assertThat(maker.post(RULES, Exchanges.github(issuer, "acme/child")).status())
                    .isEqualTo(201);
            Api session = exchanges.session(issuer.token(issuer.github("acme/child")));
            assertThat(owner.delete("/api-keys/" + key.getString("id")).status())
                    .isEqualTo(200);
            assertThat(session.get("/secrets").code()).isEqualTo("TOKEN_REVOKED");
            assertThat(exchanges
                            .exchange(issuer.token(issuer.github("acme/child")))
                            .status())
                    .isEqualTo(401);
        }

        @Test
        void aRepeatedRequestMakesOneRule() {
            JsonObject rule = Exchanges.github(issuer, "acme/repeated");
            String first =
                    owner.post(RULES, rule, "Idempotency-Key", "once").data().getString("id");
            String second =
                    owner.post(RULES, rule, "Idempotency-Key", "once").data().getString("id");
            assertThat(second).isEqualTo(first);
        }
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class ARowChangedByHand {
        @Test
        void isRefusedWithAnAlarm() {
            JsonObject made = exchanges.made(Exchanges.github(issuer, "acme/sealed"));
            String id = made.getString("id");
            for (String change : List.of(
                    "conditions = '{\"repository\":\"evil/app\"}'", "ttl_seconds = 86400", "single_use = false")) {
                server.database().execute("update trust_rule set " + change + " where rule_id = '" + id + "'");
                assertThat(owner.get(RULES + "/" + id).code()).isEqualTo("SEALED_VALUE_REFUSED");
                assertThat(exchanges
                                .exchange(issuer.token(issuer.github("evil/app")))
                                .status())
                        .isEqualTo(500);
                server.database()
                        .execute("update trust_rule set conditions = '"
                                + made.getJsonObject("conditions").encode()
                                + "', ttl_seconds = 900, single_use = true where rule_id = '" + id + "'");
            }
            assertThat(owner.get(RULES + "/" + id).status()).isEqualTo(200);
            assertThat(owner.delete(RULES + "/" + id).status()).isEqualTo(200);
        }
    }
}
