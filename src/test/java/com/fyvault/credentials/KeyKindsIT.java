package com.fyvault.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.ServerTest;
import com.fyvault.support.TestServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Test keys and public keys: {@code POST /orgs/{org}/api-keys} with a {@code kind}. */
class KeyKindsIT extends ServerTest {
    private static final String KEYS = "/api-keys";
    private static final String VALUE = "/secrets/by-name/STRIPE/value";
    private static final String STAGING = "?environment=staging";

    private TestKeys keys;

    @BeforeAll
    void prepare() {
        keys = new TestKeys(server);
        String id = server.createSecret("STRIPE", "live");
        assertThat(owner.patch("/secrets/" + id + STAGING, new JsonObject().put("value", "staged"))
                        .status())
                .isEqualTo(200);
    }

    private JsonObject make(String kind) {
        return keys.make(new JsonObject().put("kind", kind));
    }

    private static JsonObject value(String value) {
        return new JsonObject().put("value", value);
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class ATestKey {
        @Test
        void readsAndWritesWhatIsNotProduction() {
            JsonObject made = make("test");
            assertThat(made.getString("key")).startsWith("fv_test_");
            assertThat(made.getString("kind")).isEqualTo("test_key");
            assertThat(made.getJsonArray("scopes"))
                    .containsExactly("SECRETS_READ", "SECRETS_WRITE", "DEVICES_READ", "DEVICES_WRITE", "BOOT");
            Api test = keys.holderOf(made);
            assertThat(test.get(VALUE + STAGING).data().getString("value")).isEqualTo("staged");
            assertThat(test.get("/environments/staging/values").status()).isEqualTo(200);
            assertThat(test.post(
                                    "/secrets" + STAGING,
                                    value("v").put("name", "MADE_BY_TEST").put("secretType", "GENERIC"))
                            .status())
                    .isEqualTo(201);
            assertThat(test.get("/environments").text()).doesNotContain("\"production\"");
        }

        @Test
        void isKeptAwayFromProductionOnEveryWay() {
            Api test = keys.holderOf(make("test"));
            String id = owner.get("/secrets/by-name/STRIPE").data().getString("id");
            String production = server.environmentId("production").toString();
            for (Api.Answer answer : List.of(
                    test.get(VALUE),
                    test.get(VALUE + "?environment=production"),
                    test.get(VALUE + "?environment=" + production),
                    test.get("//v1/orgs/" + server.orgId() + "/secrets/" + id + "/value"),
                    test.get("/secrets"),
                    test.get("/secrets?environment=*"),
                    test.get("/secrets/by-name/STRIPE"),
                    test.get("/secrets/" + id + "/versions"),
                    test.get("/environments/production"),
                    test.get("/environments/production/values"),
                    test.post("/secrets", value("v").put("name", "X").put("secretType", "GENERIC")),
                    test.patch("/secrets/" + id, value("v")),
                    test.patch("/secrets/" + id + STAGING, new JsonObject().put("description", "shared")),
                    test.post("/secrets/" + id + "/rotate", new JsonObject()),
                    test.post("/secrets/" + id + "/rollback", new JsonObject().put("version", 1)),
                    test.delete("/secrets/" + id))) {
                assertThat(answer.code()).as(answer.response().uri().toString()).isEqualTo("ENVIRONMENT_NOT_ALLOWED");
            }
            assertThat(owner.value("STRIPE")).isEqualTo("live");
        }

        @Test
        void norDoesItsSessionReachIt() {
            Api test = keys.holderOf(make("test"));
            Api session = owner.as(
                    test.post("/access-tokens", new JsonObject()).data().getString("token"));
            assertThat(session.get(VALUE).code()).isEqualTo("ENVIRONMENT_NOT_ALLOWED");
            assertThat(session.get(VALUE + STAGING).status()).isEqualTo(200);
        }

        @Test
        void losesAnEnvironmentThatBecomesTheDefaultOrIsCalledProduction() {
            try (TestServer moved = TestServer.start()) {
                Api admin = moved.api();
                String id = moved.createSecret("STRIPE", "live");
                for (String environment : List.of("staging", "development")) {
                    assertThat(admin.patch("/secrets/" + id + "?environment=" + environment, value("v"))
                                    .status())
                            .isEqualTo(200);
                }
                Api test = new TestKeys(moved).holderOf(new TestKeys(moved).make(new JsonObject().put("kind", "test")));
                assertThat(test.get(VALUE + STAGING).status()).isEqualTo(200);
                assertThat(admin.post("/environments/staging/set-default", new JsonObject())
                                .status())
                        .isEqualTo(200);
                assertThat(test.get(VALUE + STAGING).code()).isEqualTo("ENVIRONMENT_NOT_ALLOWED");
                assertThat(test.get(VALUE + "?environment=production").code()).isEqualTo("ENVIRONMENT_NOT_ALLOWED");
                String development = moved.environmentId("development").toString();
                assertThat(test.get(VALUE + "?environment=" + development).status())
                        .isEqualTo(200);
                assertThat(admin.patch("/environments/production", new JsonObject().put("name", "old"))
                                .status())
                        .isEqualTo(200);
                assertThat(admin.patch("/environments/development", new JsonObject().put("name", "Production"))
                                .status())
                        .isEqualTo(200);
                assertThat(test.get(VALUE + "?environment=" + development).code())
                        .isEqualTo("ENVIRONMENT_NOT_ALLOWED");
            }
        }

        @Test
        void administersAndMakesNothing() {
            Api.Answer refused = person().post(
                            KEYS,
                            TestKeys.scopes("TOKENS_WRITE").put("kind", "test").put("label", "x"));
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.code()).isEqualTo("INVALID_SCOPE");
            JsonObject made = make("test");
            assertThat(person().patch(KEYS + "/" + made.getString("id"), TestKeys.scopes("ORG_ADMIN"))
                            .code())
                    .isEqualTo("INVALID_SCOPE");
            Api test = keys.holderOf(made);
            assertThat(test.post(KEYS, new JsonObject().put("label", "x")).code())
                    .isEqualTo("SCOPE_MISSING");
            assertThat(test.post("/agent-credentials", new JsonObject().put("name", "x"))
                            .code())
                    .isEqualTo("SCOPE_MISSING");
        }
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class APublicKey {
        @Test
        void saysOfWhichOrganizationItIsAndReadsNothing() {
            JsonObject made = make("public");
            assertThat(made.getString("key")).startsWith("fvpub_");
            assertThat(made.getJsonArray("scopes")).isEmpty();
            Api printed = keys.holderOf(made);
            assertThat(printed.get("").data().getString("org_id"))
                    .isEqualTo(server.orgId().toString());
            String id = owner.get("/secrets/by-name/STRIPE").data().getString("id");
            for (Api.Answer answer : List.of(
                    printed.get(VALUE),
                    printed.get("/secrets/" + id + "/value"),
                    printed.get("/environments/staging/values"),
                    printed.get("/secrets"),
                    printed.get("/audit"),
                    printed.post("/access-tokens", new JsonObject()))) {
                assertThat(answer.status()).isEqualTo(403);
                assertThat(answer.code()).isEqualTo("KIND_NOT_ALLOWED");
            }
        }

        @Test
        void isGivenNoScope() {
            for (String scope : List.of("SECRETS_READ", "secrets:write", "AUDIT_READ")) {
                assertThat(person().post(
                                        KEYS,
                                        TestKeys.scopes(scope)
                                                .put("kind", "public")
                                                .put("label", "x"))
                                .code())
                        .isEqualTo("INVALID_SCOPE");
            }
            assertThat(person().patch(KEYS + "/" + make("public").getString("id"), TestKeys.scopes("SECRETS_READ"))
                            .code())
                    .isEqualTo("INVALID_SCOPE");
        }

        @Test
        void isListedRolledAndRevokedLikeAnyKey() {
            JsonObject made = make("public");
            String path = KEYS + "/" + made.getString("id");
            assertThat(owner.get(KEYS).text()).contains(made.getString("id"));
            JsonObject rolled = person().post(path + "/roll", new JsonObject()).data();
            assertThat(rolled.getString("key")).startsWith("fvpub_");
            assertThat(owner.as(made.getString("key")).get("").status()).isEqualTo(401);
            assertThat(owner.delete(path).status()).isEqualTo(200);
            assertThat(owner.as(rolled.getString("key")).get("").status()).isEqualTo(401);
        }
    }

    @Test
    void aKindThatThereIsNotIsRefusedAndNoKindIsLive() {
        for (Object kind : List.of("agent", "", "LIVE", 7, new JsonArray().add("test"))) {
            assertThat(person().post(KEYS, new JsonObject().put("label", "x").put("kind", kind))
                            .code())
                    .isEqualTo("INVALID_FIELD");
        }
        assertThat(make("live").getString("key")).startsWith("fv_live_");
        assertThat(keys.make(new JsonObject().putNull("kind")).getString("key")).startsWith("fv_live_");
    }
}
