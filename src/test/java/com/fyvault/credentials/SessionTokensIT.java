package com.fyvault.credentials;

import static com.fyvault.support.Bodies.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fyvault.support.Api;
import com.fyvault.support.ServerTest;
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

/** {@code /orgs/{org}/access-tokens}, by status. */
class SessionTokensIT extends ServerTest {
    private static final String SESSIONS = "/access-tokens";
    private static final String KEYS = "/api-keys";
    private static final String VALUE = "/secrets/by-name/API_KEY/value";
    private static final int MOST = 5;

    @Override
    protected Map<String, String> settings() {
        return Map.of("credentials.sessions", Integer.toString(MOST));
    }

    @BeforeAll
    void prepare() {
        server.createSecret("API_KEY", "s3cret");
    }

    /** A fresh key, so that its sessions are its own. */
    private JsonObject key(String... scopes) {
        return server.key(new JsonObject().put("label", "app").put("scopes", texts(scopes)));
    }

    private Api holderOf(JsonObject made) {
        return owner.as(made.getString("token"));
    }

    private static JsonObject ttl(Object seconds) {
        return new JsonObject().put("ttlSeconds", seconds);
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class Answers200And201 {
        @Test
        void aSessionIsMintedWithNothingInTheBody() {
            Api app = holderOf(key("SECRETS_READ"));
            for (Api.Answer answer : List.of(
                    app.send("POST", SESSIONS, null),
                    app.send("POST", SESSIONS, ""),
                    app.post(SESSIONS, new JsonObject()))) {
                assertThat(answer.status()).isEqualTo(201);
                JsonObject made = answer.data();
                assertThat(made.getString("token")).startsWith("fvsess_");
                assertThat(made.getString("id")).isEqualTo(made.getString("session_token_id"));
                assertThat(made.getString("expires_at")).isEqualTo(made.getString("expiresAt"));
                assertThat(Instant.parse(made.getString("expiresAt")))
                        .isCloseTo(Instant.now().plusSeconds(900), within(10, ChronoUnit.SECONDS));
                assertThat(made.getJsonArray("scopes")).containsExactly("SECRETS_READ");
                assertThat(holderOf(made).value("API_KEY")).isEqualTo("s3cret");
            }
        }

        @Test
        void theShortestAndTheLongestLifeAreTaken() {
            Api app = holderOf(key("SECRETS_READ"));
            for (int seconds : new int[] {60, 86_400}) {
                JsonObject made = app.post(SESSIONS, ttl(seconds)).data();
                assertThat(Instant.parse(made.getString("expires_at")))
                        .isCloseTo(Instant.now().plusSeconds(seconds), within(10, ChronoUnit.SECONDS));
            }
        }

        @Test
        void aSessionMayHaveLessThanItsKeyInEitherSpelling() {
            Api app = holderOf(key("SECRETS_READ", "SECRETS_WRITE"));
            JsonObject body = new JsonObject()
                    .put("scopes", new JsonArray().add("secrets:read"))
                    .put("allowedEnvironments", new JsonArray().add("staging"));
            JsonObject made = app.post(SESSIONS, body).data();
            assertThat(made.getJsonArray("scopes")).containsExactly("SECRETS_READ");
            assertThat(holderOf(made).get(VALUE).code()).isEqualTo("ENVIRONMENT_NOT_ALLOWED");
        }

        @Test
        void aSessionNeverOutlivesItsKey() {
            JsonObject key = key("SECRETS_READ");
            String end = Instant.now()
                    .plusSeconds(120)
                    .truncatedTo(ChronoUnit.MICROS)
                    .toString();
            assertThat(owner.patch(KEYS + "/" + key.getString("id"), new JsonObject().put("expiresAt", end))
                            .status())
                    .isEqualTo(200);
            JsonObject made = holderOf(key).post(SESSIONS, ttl(3_600)).data();
            assertThat(made.getString("expires_at")).isEqualTo(end);
        }

        @Test
        void aSessionDiesWithItsKey() {
            JsonObject key = key("SECRETS_READ");
            Api session =
                    holderOf(holderOf(key).post(SESSIONS, new JsonObject()).data());
            assertThat(session.get(VALUE).status()).isEqualTo(200);
            assertThat(owner.delete(KEYS + "/" + key.getString("id")).status()).isEqualTo(200);
            assertThat(session.get(VALUE).status()).isEqualTo(401);
        }

        @Test
        void aSessionDiesWithTheTokenThatMintedIt() {
            JsonObject key = key("SECRETS_READ");
            Api session =
                    holderOf(holderOf(key).post(SESSIONS, new JsonObject()).data());
            assertThat(session.get(VALUE).status()).isEqualTo(200);
            JsonObject rolled = person().post(KEYS + "/" + key.getString("id") + "/roll", new JsonObject())
                    .data();
            assertThat(session.get(VALUE).status()).isEqualTo(401);
            assertThat(holderOf(rolled).get(SESSIONS).list()).isEmpty();
            Api fresh =
                    holderOf(holderOf(rolled).post(SESSIONS, new JsonObject()).data());
            assertThat(fresh.get(VALUE).status()).isEqualTo(200);
        }

        @Test
        void whatItsKeyLosesASessionLosesOnTheNextRequest() {
            JsonObject key = key("SECRETS_READ", "AUDIT_READ");
            Api session =
                    holderOf(holderOf(key).post(SESSIONS, new JsonObject()).data());
            assertThat(session.get(VALUE).status()).isEqualTo(200);
            JsonObject narrowed = new JsonObject().put("scopes", new JsonArray().add("AUDIT_READ"));
            assertThat(owner.patch(KEYS + "/" + key.getString("id"), narrowed).status())
                    .isEqualTo(200);
            assertThat(session.get(VALUE).code()).isEqualTo("SCOPE_MISSING");
        }

        @Test
        void aRevokedSessionIsRefusedAtOnceAndTheKeyLivesOn() {
            Api app = holderOf(key("SECRETS_READ"));
            JsonObject made = app.post(SESSIONS, new JsonObject()).data();
            assertThat(holderOf(made).get(VALUE).status()).isEqualTo(200);
            Api.Answer revoked = app.delete(SESSIONS + "/" + made.getString("id"));
            assertThat(revoked.status()).isEqualTo(200);
            assertThat(revoked.json().getBoolean("success")).isTrue();
            assertThat(holderOf(made).get(VALUE).code()).isEqualTo("TOKEN_REVOKED");
            assertThat(app.get(VALUE).status()).isEqualTo(200);
            assertThat(app.delete(SESSIONS + "/" + made.getString("id")).status())
                    .isEqualTo(200);
        }

        @Test
        void aKeyListsItsOwnLiveSessionsAndTheOwnerAll() {
            Api app = holderOf(key("SECRETS_READ"));
            String gone = app.post(SESSIONS, new JsonObject()).data().getString("id");
            String live = app.post(SESSIONS, new JsonObject()).data().getString("id");
            String foreign = holderOf(key("SECRETS_READ"))
                    .post(SESSIONS, new JsonObject())
                    .data()
                    .getString("id");
            assertThat(app.delete(SESSIONS + "/" + gone).status()).isEqualTo(200);
            assertThat(ids(app.get(SESSIONS))).containsExactly(live);
            assertThat(ids(owner.get(SESSIONS))).contains(live, foreign).doesNotContain(gone);
            assertThat(app.get(SESSIONS).text()).doesNotContain("fvsess_\",\"token");
        }

        private List<String> ids(Api.Answer answer) {
            return answer.list().stream()
                    .map(item -> ((JsonObject) item).getString("id"))
                    .toList();
        }
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class Refuses {
        @Test
        void with400ALifeOutOfRange() {
            for (Object wrong : List.of(59, 86_401, 0, -1, "900", 900.5, Long.MAX_VALUE)) {
                Api.Answer answer = owner.post(SESSIONS, ttl(wrong));
                assertThat(answer.status()).isEqualTo(400);
                assertThat(answer.code()).isEqualTo("TTL_OUT_OF_RANGE");
            }
        }

        @Test
        void with400WhatWouldBeIgnoredAndLeaveMoreThanWasAskedFor() {
            for (String field :
                    List.of("expiresAt", "expires_in_days", "neverExpires", "allowedProjects", "rateLimitRpm")) {
                Api.Answer answer = owner.post(SESSIONS, new JsonObject().put(field, "x"));
                assertThat(answer.status()).as(field).isEqualTo(400);
                assertThat(answer.code()).isEqualTo("INVALID_FIELD");
            }
            String pasted = "fv_live_" + "a1".repeat(20);
            Api.Answer answer = owner.post(SESSIONS, new JsonObject().put(pasted, true));
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.text()).doesNotContain("a1a1");
        }

        @Test
        void nothingThatAPublishedClientSends() {
            JsonObject sent = new JsonObject()
                    .put("ttlSeconds", 900)
                    .put("scopes", new JsonArray().add("SECRETS_READ"))
                    .putNull("options");
            assertThat(owner.post(SESSIONS, sent).status()).isEqualTo(201);
        }

        @Test
        void with403ASessionThatMints() {
            Api session = holderOf(holderOf(key("SECRETS_READ", "TOKENS_WRITE"))
                    .post(SESSIONS, new JsonObject())
                    .data());
            assertThat(session.post(SESSIONS, new JsonObject()).code()).isEqualTo("PARENT_MUST_BE_API_KEY");
            assertThat(session.post(KEYS, new JsonObject().put("label", "x")).code())
                    .isEqualTo("PERSON_REQUIRED");
        }

        @Test
        void with403MoreThanTheKeyHas() {
            Api app = holderOf(key("SECRETS_READ"));
            JsonObject body = new JsonObject().put("scopes", new JsonArray().add("SECRETS_WRITE"));
            assertThat(app.post(SESSIONS, body).code()).isEqualTo("EXCEEDS_PARENT");
        }

        @Test
        void with404TheSessionOfAnotherKey() {
            String foreign = holderOf(key("SECRETS_READ"))
                    .post(SESSIONS, new JsonObject())
                    .data()
                    .getString("id");
            Api app = holderOf(key("SECRETS_READ"));
            for (String id : List.of(foreign, UUID.randomUUID().toString(), "x")) {
                assertThat(app.delete(SESSIONS + "/" + id).status()).isEqualTo(404);
            }
            assertThat(owner.delete(SESSIONS + "/" + foreign).status()).isEqualTo(200);
        }

        @Test
        void with409OneMoreThanTheLimitHoweverManyAskAtOnce() {
            Api app = holderOf(key("SECRETS_READ"));
            var answers = java.util.stream.Stream.generate(() -> app.sendLater("POST", SESSIONS, "{}"))
                    .limit(16)
                    .toList();
            List<Integer> statuses =
                    answers.stream().map(answer -> answer.join().status()).toList();
            assertThat(statuses).filteredOn(status -> status == 201).hasSize(MOST);
            assertThat(statuses).filteredOn(status -> status == 409).hasSize(16 - MOST);
            Api.Answer refused = app.post(SESSIONS, new JsonObject());
            assertThat(refused.code()).isEqualTo("LIMIT_REACHED");
            String one = app.get(SESSIONS).list().getJsonObject(0).getString("id");
            assertThat(app.delete(SESSIONS + "/" + one).status()).isEqualTo(200);
            assertThat(app.post(SESSIONS, new JsonObject()).status()).isEqualTo(201);
        }
    }
}
