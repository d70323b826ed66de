package com.fyvault.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fyvault.support.Api;
import com.fyvault.support.ServerTest;
import com.fyvault.tokens.ScopeSet;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** {@code /orgs/{org}/api-keys}: what works. What is refused stands in {@link ApiKeyRefusalsIT}. */
class ApiKeysIT extends ServerTest {
    private static final String KEYS = "/api-keys";
    private static final String VALUE = "/secrets/by-name/API_KEY/value";

    private TestKeys keys;

    @BeforeAll
    void prepare() {
        keys = new TestKeys(server);
        server.createSecret("API_KEY", "s3cret");
        server.createSecret("OTHER", "other");
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class Answers200And201 {
        @Test
        void aKeyIsShownOnceAndOnlyItsEndLater() {
            JsonObject made = keys.make(TestKeys.scopes("secrets:read"));
            assertThat(made.getString("key")).startsWith("fv_live_").isEqualTo(made.getString("token"));
            Api.Answer later = owner.get(KEYS + "/" + made.getString("id"));
            assertThat(later.status()).isEqualTo(200);
            assertThat(later.text()).doesNotContain(made.getString("key"));
            assertThat(made.getString("key")).endsWith(later.data().getString("last_four"));
            assertThat(owner.get(KEYS).text()).doesNotContain(made.getString("key"));
        }

        @Test
        void bothSpellingsStandInTheAnswer() {
            JsonObject made = keys.make(TestKeys.scopes("SECRETS_READ", "audit:read"));
            assertThat(made.getJsonArray("scopes")).containsExactly("SECRETS_READ", "AUDIT_READ");
            assertThat(made.getString("id")).isEqualTo(made.getString("key_id"));
            assertThat(made.getString("last4")).isEqualTo(made.getString("last_four"));
            assertThat(made.getString("name")).isEqualTo(made.getString("label"));
            for (String[] pair : new String[][] {
                {"created_at", "createdAt"}, {"expires_at", "expiresAt"}, {"parent_id", "parentId"},
                {"is_active", "isActive"}, {"allowed_secrets", "allowedSecrets"}, {"ip_allowlist", "ipAllowlist"}
            }) {
                assertThat(made.containsKey(pair[0])).as(pair[0]).isTrue();
                assertThat(made.getValue(pair[0])).isEqualTo(made.getValue(pair[1]));
            }
        }

        @Test
        void aKeyLivesAYearAndHasItsMakersScopesUnlessTheRequestSaysOtherwise() {
            JsonObject made = keys.make(new JsonObject().putNull("scopes").putNull("expiresAt"));
            assertThat(Instant.parse(made.getString("expires_at")))
                    .isCloseTo(Instant.now().plus(Duration.ofDays(365)), within(5, ChronoUnit.MINUTES));
            assertThat(made.getJsonArray("scopes"))
                    .isEqualTo(new JsonArray(ScopeSet.all().names()));
            JsonObject short_ = keys.make(new JsonObject().put("expiresInDays", 30));
            assertThat(Instant.parse(short_.getString("expires_at")))
                    .isCloseTo(Instant.now().plus(Duration.ofDays(30)), within(5, ChronoUnit.MINUTES));
        }

        @Test
        void aKeyOutlivesTheLoginThatMadeIt() {
            JsonObject endless = keys.make(new JsonObject().put("neverExpires", true));
            assertThat(endless.getString("expires_at")).isNull();
            assertThat(endless.getString("parent_id")).isNull();
            assertThat(endless.getString("created_by")).isEqualTo("user:" + endless.getString("owner_user_id"));
            assertThat(endless.getString("org_id")).isEqualTo(server.orgId().toString());
            JsonObject long_ = keys.make(new JsonObject().put("expiresInDays", 3650));
            assertThat(Instant.parse(long_.getString("expires_at")))
                    .isCloseTo(Instant.now().plus(Duration.ofDays(3650)), within(5, ChronoUnit.MINUTES));
        }

        @Test
        void listsConfineAKey() {
            JsonObject made = keys.make(TestKeys.scopes("SECRETS_READ")
                    .put("environments", new JsonArray().add("Production"))
                    .put("allowedSecrets", new JsonArray().add("API_*"))
                    .put("ipAllowlist", new JsonArray().add("127.0.0.0/8")));
            assertThat(made.getJsonArray("environment_ids"))
                    .containsExactly(server.environmentId("production").toString());
            assertThat(made.getJsonArray("allowed_secrets")).containsExactly("api_*");
            Api holder = keys.holderOf(made);
            assertThat(holder.value("API_KEY")).isEqualTo("s3cret");
            assertThat(holder.get("/secrets/by-name/OTHER/value").code()).isEqualTo("SECRET_NOT_ALLOWED");
            assertThat(holder.get(VALUE + "?environment=staging").code()).isEqualTo("ENVIRONMENT_NOT_ALLOWED");
            JsonObject elsewhere =
                    keys.make(TestKeys.scopes("SECRETS_READ").put("cidrs", new JsonArray().add("192.0.2.0/24")));
            assertThat(keys.holderOf(elsewhere).get(VALUE).code()).isEqualTo("ADDRESS_NOT_ALLOWED");
        }

        @Test
        void anEditActsOnTheNextRequest() {
            JsonObject made = keys.make(TestKeys.scopes("SECRETS_READ", "SECRETS_WRITE"));
            String path = KEYS + "/" + made.getString("id");
            Api holder = keys.holderOf(made);
            for (int i = 0; i < 20; i++) {
                assertThat(holder.get(VALUE).status()).isEqualTo(200);
                assertThat(person().patch(path, TestKeys.scopes("SECRETS_WRITE"))
                                .status())
                        .isEqualTo(200);
                assertThat(holder.get(VALUE).code()).isEqualTo("SCOPE_MISSING");
                Api.Answer back =
                        person().patch(path, TestKeys.scopes("SECRETS_READ").put("label", "renamed"));
                assertThat(back.data().getString("name")).isEqualTo("renamed");
            }
            JsonObject narrowed = new JsonObject().put("allowedSecrets", new JsonArray().add("OTHER"));
            assertThat(person().patch(path, narrowed).status()).isEqualTo(200);
            assertThat(holder.get(VALUE).code()).isEqualTo("SECRET_NOT_ALLOWED");
            JsonObject opened = new JsonObject().put("allowedSecrets", new JsonArray());
            assertThat(person().patch(path, opened).data().getJsonArray("allowed_secrets"))
                    .isEmpty();
            assertThat(holder.get(VALUE).status()).isEqualTo(200);
        }

        @Test
        void anEditThatSaysNothingChangesNothing() {
            JsonObject made = keys.make(TestKeys.scopes("SECRETS_READ").put("expiresInDays", 10));
            long epoch = epoch();
            Api.Answer same = person().patch(KEYS + "/" + made.getString("id"), new JsonObject().putNull("scopes"));
            assertThat(same.data().getString("expires_at")).isEqualTo(made.getString("expires_at"));
            assertThat(same.data().getJsonArray("scopes")).isEqualTo(made.getJsonArray("scopes"));
            assertThat(epoch()).isEqualTo(epoch);
        }

        @Test
        void anExpiryIsEditedAndEndedEarly() {
            JsonObject made = keys.make(TestKeys.scopes("SECRETS_READ").put("expiresInDays", 10));
            String path = KEYS + "/" + made.getString("id");
            String in20Days = Instant.now().plus(Duration.ofDays(20)).toString();
            assertThat(Instant.parse(person().patch(path, new JsonObject().put("expiresAt", in20Days))
                            .data()
                            .getString("expiresAt")))
                    .isCloseTo(Instant.parse(in20Days), within(1, ChronoUnit.MILLIS));
            String soon = Instant.now().plus(Duration.ofMillis(400)).toString();
            assertThat(person().patch(path, new JsonObject().put("expiresAt", soon))
                            .status())
                    .isEqualTo(200);
            Api holder = keys.holderOf(made);
            Instant limit = Instant.now().plusSeconds(5);
            while (holder.get(VALUE).status() == 200 && Instant.now().isBefore(limit)) {
                Thread.onSpinWait();
            }
            assertThat(holder.get(VALUE).code()).isEqualTo("TOKEN_EXPIRED");
            assertThat(owner.get(path).data().getBoolean("is_active")).isFalse();
        }

        @Test
        void aRollKillsTheOldTokenAtOnceAndKeepsTheKey() {
            JsonObject made = keys.make(TestKeys.scopes("SECRETS_READ"));
            Api old = keys.holderOf(made);
            assertThat(old.get(VALUE).status()).isEqualTo(200);
            Api.Answer rolled = person().post(KEYS + "/" + made.getString("id") + "/roll", new JsonObject());
            assertThat(rolled.status()).isEqualTo(200);
            assertThat(rolled.data().getString("id")).isEqualTo(made.getString("id"));
            assertThat(old.get(VALUE).status()).isEqualTo(401);
            Api fresh = keys.holderOf(rolled.data());
            assertThat(fresh.get(VALUE).status()).isEqualTo(200);
            JsonObject again = person().post(KEYS + "/" + made.getString("id") + "/roll", new JsonObject())
                    .data();
            assertThat(old.get(VALUE).status()).isEqualTo(401);
            assertThat(fresh.get(VALUE).status()).isEqualTo(401);
            assertThat(keys.holderOf(again).get(VALUE).status()).isEqualTo(200);
        }

        @Test
        void aRevokeIsFinalAndCanBeRepeated() {
            JsonObject made = keys.make(TestKeys.scopes("SECRETS_READ"));
            String path = KEYS + "/" + made.getString("id");
            assertThat(keys.holderOf(made).get(VALUE).status()).isEqualTo(200);
            Api.Answer revoked = owner.delete(path);
            assertThat(revoked.status()).isEqualTo(200);
            assertThat(revoked.json().getBoolean("success")).isTrue();
            assertThat(keys.holderOf(made).get(VALUE).code()).isEqualTo("TOKEN_REVOKED");
            assertThat(owner.delete(path).status()).isEqualTo(200);
            assertThat(owner.get(path).data().getBoolean("is_active")).isFalse();
            assertThat(owner.get(KEYS).text()).doesNotContain(made.getString("id"));
            assertThat(owner.get(KEYS + "?revoked=true").text()).contains(made.getString("id"));
        }

        @Test
        void listsGoOnWhereTheCursorSays() {
            for (int i = 0; i < 3; i++) {
                keys.make(TestKeys.scopes("SECRETS_READ"));
            }
            Api.Answer first = owner.get(KEYS + "?limit=2");
            assertThat(first.list()).hasSize(2);
            Api.Answer next = owner.get(KEYS + "?limit=2&cursor=" + first.header("x-next-cursor"));
            assertThat(next.list()).hasSize(2).doesNotContainAnyElementsOf(first.list());
            assertThat(owner.get(KEYS).header("x-next-cursor")).isEmpty();
        }

        @Test
        void aRepeatedRequestMakesOneKeyAndDoesNotShowItAgain() {
            JsonObject body = TestKeys.scopes("SECRETS_READ").put("label", "once");
            Api.Answer first = person().post(KEYS, body, "Idempotency-Key", "make-once");
            Api.Answer second = person().post(KEYS, body, "Idempotency-Key", "make-once");
            assertThat(second.status()).isEqualTo(201);
            assertThat(second.data().getString("id")).isEqualTo(first.data().getString("id"));
            assertThat(first.data().containsKey("token")).isTrue();
            assertThat(second.text()).doesNotContain(first.data().getString("token"));
        }

        private long epoch() {
            return server.database().count("select auth_epoch from org where org_id = ?", server.orgId());
        }
    }
}
