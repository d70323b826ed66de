package com.fyvault.breakglass;

import static com.fyvault.support.Answers.created;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fyvault.audit.AuditAction;
import com.fyvault.platform.CanIgnoreReturnValue;
import com.fyvault.support.Api;
import com.fyvault.support.ServerTest;
import com.fyvault.support.TestServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** {@code /orgs/{org}/break-glass}. */
class BreakGlassIT extends ServerTest {
    private static final String GLASS = "/break-glass";
    private static final String VALUE = "/secrets/by-name/STRIPE/value";

    @Override
    protected Map<String, String> settings() {
        return Map.of("credentials.break.glass", "1000");
    }

    @BeforeAll
    void prepare() {
        server.createSecret("STRIPE", "sk");
    }

    private static JsonObject because(String reason) {
        return new JsonObject().put("reason", reason);
    }

    @CanIgnoreReturnValue
    private static JsonObject open(Api by, JsonObject body) {
        return created(by.post(GLASS, body));
    }

    private Api holder(JsonObject opened) {
        return owner.as(opened.getString("token"));
    }

    private JsonObject key(JsonObject body) {
        return server.key(body.put("label", "key"));
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class Answers200And201 {
        @Test
        void fullAccessUntilItLapses() {
            JsonObject opened = open(owner, because("the pager went").put("ttlMinutes", 240));
            assertThat(opened.getString("token")).startsWith("fvbg_");
            assertThat(opened.getString("sessionId")).isEqualTo(opened.getString("id"));
            assertThat(Instant.parse(opened.getString("autoRevokeAt")))
                    .isCloseTo(Instant.now().plusSeconds(240 * 60), within(1, ChronoUnit.MINUTES));
            Api holder = holder(opened);
            assertThat(holder.value("STRIPE")).isEqualTo("sk");
            assertThat(holder.post(
                                    "/secrets?environment=staging",
                                    new JsonObject()
                                            .put("name", "MADE_IN_HASTE")
                                            .put("secretType", "GENERIC")
                                            .put("value", "v"))
                            .status())
                    .isEqualTo(201);
            assertThat(holder.get("/audit").status()).isEqualTo(200);
        }

        @Test
        void anHourWhenNothingIsSaidAndNullsAreAbsent() {
            JsonObject opened = open(owner, because("x").putNull("ttlMinutes").putNull("environmentId"));
            assertThat(Instant.parse(opened.getString("autoRevokeAt")))
                    .isCloseTo(Instant.now().plusSeconds(3_600), within(1, ChronoUnit.MINUTES));
            assertThat(opened.getJsonArray("environmentIds")).isEmpty();
        }

        @Test
        void inOneEnvironmentByNameOrId() {
            for (String reference :
                    List.of("staging", server.environmentId("staging").toString())) {
                JsonObject opened = open(owner, because("x").put("environmentId", reference));
                assertThat(opened.getJsonArray("environmentIds"))
                        .containsExactly(server.environmentId("staging").toString());
                assertThat(holder(opened).get(VALUE).code()).isEqualTo("ENVIRONMENT_NOT_ALLOWED");
                assertThat(holder(opened).get("/environments/staging/values").status())
                        .isEqualTo(200);
            }
        }

        @Test
        void theListSaysWhoWhyAndUntilWhen() {
            JsonObject opened = open(owner, because("the database is gone"));
            Api.Answer listed = owner.get(GLASS);
            JsonObject item = listed.list().getJsonObject(0);
            assertThat(item.getString("sessionId")).isEqualTo(opened.getString("sessionId"));
            assertThat(item.getString("openedBy")).isEqualTo("owner@example.com");
            assertThat(item.getString("reason")).isEqualTo("the database is gone");
            assertThat(item.getString("autoRevokeAt")).isEqualTo(opened.getString("autoRevokeAt"));
            assertThat(item.getBoolean("isActive")).isTrue();
            assertThat(listed.text()).doesNotContain(opened.getString("token"));
        }

        @Test
        void itsEndIsAtOnceAndStaysInTheList() {
            JsonObject opened = open(owner, because("x"));
            Api holder = holder(opened);
            assertThat(holder.value("STRIPE")).isEqualTo("sk");
            String path = GLASS + "/" + opened.getString("sessionId");
            assertThat(owner.delete(path).status()).isEqualTo(200);
            assertThat(holder.get(VALUE).code()).isEqualTo("TOKEN_REVOKED");
            assertThat(owner.delete(path).status()).isEqualTo(200);
            JsonObject item = owner.get(GLASS).list().getJsonObject(0);
            assertThat(item.getBoolean("isActive")).isFalse();
            assertThat(item.getString("revokedAt")).isNotNull();
        }

        @Test
        void itEndsWithTheKeyThatOpenedIt() {
            JsonObject parent = key(new JsonObject());
            Api holder = holder(open(owner.as(parent.getString("key")), because("x")));
            assertThat(holder.value("STRIPE")).isEqualTo("sk");
            assertThat(owner.delete("/api-keys/" + parent.getString("id")).status())
                    .isEqualTo(200);
            assertThat(holder.get(VALUE).code()).isEqualTo("TOKEN_REVOKED");
        }

        @Test
        void theRecordCarriesTheReasonAndTheNoticeEveryAddress() {
            JsonObject opened = open(owner, because("nobody else is awake"));
            List<Map<String, Object>> records = server.database()
                    .query("select details ->> 'reason' as reason, details ->> 'token_id' as token from audit_trail"
                            + " where action = " + AuditAction.BREAKGLASS_OPEN.code()
                            + " order by event_id desc limit 1");
            assertThat(records.get(0)).containsEntry("reason", "nobody else is awake");
            assertThat(records.get(0)).containsEntry("token", opened.getString("sessionId"));
            JsonObject notice = owner.get("/notices").list().getJsonObject(0);
            assertThat(notice.getString("kind")).isEqualTo("break_glass.opened");
            assertThat(notice.getJsonArray("recipients")).containsExactly("owner@example.com");
            assertThat(notice.getJsonObject("payload").getString("reason")).isEqualTo("nobody else is awake");
            // No mail server is set: it is kept.
            assertThat(notice.getValue("sentAt")).isNull();
            assertThat(notice.getInteger("attempts")).isZero();
        }

        @Test
        void aRepeatedRequestOpensOneAndShowsNoTokenASecondTime() {
            Api.Answer first = owner.post(GLASS, because("x"), "Idempotency-Key", "glass");
            Api.Answer second = owner.post(GLASS, because("x"), "Idempotency-Key", "glass");
            assertThat(second.data().getString("sessionId"))
                    .isEqualTo(first.data().getString("sessionId"));
            assertThat(second.data().containsKey("token")).isFalse();
        }
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class Refuses {
        @Test
        void everyFieldThatIsWrong() {
            for (JsonObject wrong : List.of(
                    new JsonObject(),
                    because(" "),
                    because("x".repeat(501)),
                    new JsonObject().put("reason", 7),
                    because("x").put("environmentId", "a/b"))) {
                Api.Answer answer = owner.post(GLASS, wrong);
                assertThat(answer.code()).as(wrong.encode()).isEqualTo("INVALID_FIELD");
            }
            for (Object minutes : List.of(0, 241, "60", 1.5)) {
                assertThat(owner.post(GLASS, because("x").put("ttlMinutes", minutes))
                                .code())
                        .isEqualTo("TTL_OUT_OF_RANGE");
            }
            open(owner, because("x".repeat(500)).put("ttlMinutes", 1));
            assertThat(owner.post(GLASS, because("x").put("environmentId", "nowhere"))
                            .code())
                    .isEqualTo("ENVIRONMENT_NOT_FOUND");
        }

        @Test
        void whoHasNotEverything() {
            Api reader = owner.as(key(new JsonObject().put("scopes", new JsonArray().add("SECRETS_READ")))
                    .getString("key"));
            assertThat(reader.post(GLASS, because("x")).code()).isEqualTo("SCOPE_MISSING");
            assertThat(reader.get(GLASS).code()).isEqualTo("SCOPE_MISSING");
            assertThat(reader.get("/notices").code()).isEqualTo("SCOPE_MISSING");
            Api administrator = owner.as(key(new JsonObject().put("scopes", new JsonArray().add("ORG_ADMIN")))
                    .getString("key"));
            assertThat(administrator.post(GLASS, because("x")).code()).isEqualTo("EXCEEDS_PARENT");
            Api confined = owner.as(key(new JsonObject().put("environments", new JsonArray().add("staging")))
                    .getString("key"));
            assertThat(confined.post(GLASS, because("x")).code()).isEqualTo("EXCEEDS_PARENT");
            Api session = owner.as(
                    owner.post("/access-tokens", new JsonObject()).data().getString("token"));
            assertThat(session.post(GLASS, because("x")).code()).isEqualTo("PARENT_MUST_BE_API_KEY");
        }

        @Test
        void itMakesNothingItself() {
            Api holder = holder(open(owner, because("x")));
            String id = key(new JsonObject()).getString("id");
            assertThat(holder.post(GLASS, because("more")).code()).isEqualTo("PARENT_MUST_BE_API_KEY");
            assertThat(holder.post("/access-tokens", new JsonObject()).code()).isEqualTo("PARENT_MUST_BE_API_KEY");
            assertThat(holder.post("/api-keys", new JsonObject().put("label", "x"))
                            .code())
                    .isEqualTo("PERSON_REQUIRED");
            assertThat(holder.post("/agent-credentials", new JsonObject().put("name", "x"))
                            .code())
                    .isEqualTo("PARENT_MUST_BE_API_KEY");
            assertThat(holder.post("/api-keys/" + id + "/roll", new JsonObject())
                            .code())
                    .isEqualTo("PERSON_REQUIRED");
            assertThat(holder.patch("/api-keys/" + id, new JsonObject().put("label", "x"))
                            .code())
                    .isEqualTo("KIND_NOT_ALLOWED");
            // What leaked can be stopped.
            assertThat(holder.delete("/api-keys/" + id).status()).isEqualTo(200);
        }

        @Test
        void aForeignOneIsAbsent() {
            String mine = open(owner, because("x")).getString("sessionId");
            var other = server.anotherOrg();
            Api stranger = server.api(other.key().exposeText()).in(other.orgId().toString());
            for (String id : List.of(mine, UUID.randomUUID().toString(), "x")) {
                assertThat(stranger.delete(GLASS + "/" + id).code()).isEqualTo("CREDENTIAL_NOT_FOUND");
            }
            assertThat(stranger.get(GLASS).list()).isEmpty();
            assertThat(stranger.get("/notices").list()).isEmpty();
        }

        @Test
        void aKeyWhoseOwnerIsNoLongerInChargeAndOneBeyondTheLimit() {
            try (TestServer small = TestServer.start(Map.of("credentials.break.glass", "1"))) {
                open(small.api(), because("x"));
                assertThat(small.api().post(GLASS, because("x")).code()).isEqualTo("LIMIT_REACHED");
                assertThat(small.database().execute("delete from membership")).isEqualTo(1);
                assertThat(small.api().post(GLASS, because("x")).code()).isEqualTo("ROLE_NOT_ALLOWED");
            }
        }

        @Test
        void aRoleThatSomebodyWroteIntoTheTable() {
            try (TestServer forged = TestServer.start()) {
                assertThat(forged.database().execute("update membership set role = 'admin'"))
                        .isEqualTo(1);
                assertThat(forged.api().post(GLASS, because("x")).code()).isEqualTo("SEALED_VALUE_REFUSED");
            }
        }
    }
}
