package com.fyvault.leaks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.TestServer;
import com.fyvault.tokens.TokenFormat;
import com.fyvault.tokens.TokenKind;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What a scanner of the organization itself reports: its own is ended and told once, all else is answered and forgotten. */
class SightingsIT {
    private static final String VALUE = "/secrets/by-name/API_KEY/value";
    private static final String SIGHTINGS = "/leaks/sightings";

    private static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start(Map.of("leaks.sightings.minute", "0"));
        server.createSecret("API_KEY", "s3cret of the sightings");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static JsonObject key(String... scopes) {
        return server.key(new JsonObject().put("label", "deploy").put("scopes", new JsonArray(List.of(scopes))));
    }

    private static JsonObject body(String... texts) {
        JsonArray items = new JsonArray();
        Stream.of(texts)
                .map(text -> new JsonObject()
                        .put("text", text)
                        .put("path", "src/a.txt")
                        .put("commit", "2f6c1d")
                        .put("line", 7))
                .forEach(items::add);
        return new JsonObject().put("repository", "backend").put("items", items);
    }

    private static JsonArray seen(Api api, String... texts) {
        Api.Answer answer = api.post(SIGHTINGS, body(texts));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        for (String text : texts) {
            assertThat(answer.text()).doesNotContain(text);
        }
        return answer.data().getJsonArray("items");
    }

    private static List<JsonObject> notices(Api api, String id) {
        return api.get("/notices").list().stream()
                .map(JsonObject.class::cast)
                .filter(notice -> notice.getJsonObject("payload").encode().contains(id))
                .toList();
    }

    @Nested
    class Answers200 {
        @Test
        void anOwnTokenIsRevokedAndToldOnceWithItsPlace() {
            JsonObject key = key("SECRETS_READ");
            String token = key.getString("token");
            String id = key.getString("id");
            assertThat(server.api(token).get(VALUE).status()).isEqualTo(200);
            String unknown =
                    TokenFormat.mint(TokenKind.API_KEY, new SecureRandom()).exposeText();
            JsonArray items = seen(server.api(), token, unknown, "AKIA of nobody here");
            assertThat(items.getJsonObject(0).getJsonArray("found").getJsonObject(0))
                    .isEqualTo(new JsonObject()
                            .put("kind", "API_KEY")
                            .put("id", id)
                            .put("name", "deploy"));
            assertThat(items.getJsonObject(1).getBoolean("matched")).isFalse();
            assertThat(items.getJsonObject(2).getBoolean("matched")).isFalse();
            assertThat(server.api(token).get(VALUE).code()).isEqualTo("TOKEN_REVOKED");

            assertThat(seen(server.api(), token, token).getJsonObject(1).getBoolean("matched"))
                    .isTrue();
            List<JsonObject> told = notices(server.api(), id);
            assertThat(told).hasSize(1);
            JsonObject payload = told.get(0).getJsonObject("payload");
            assertThat(payload.getString("foundAt")).isEqualTo("backend@2f6c1d:src/a.txt:7");
            assertThat(payload.getString("reportedBy")).isEqualTo("organization");
            assertThat(payload.getString("whatToDo")).isNotBlank();
            long found = server.api().get("/activity").list().stream()
                    .map(JsonObject.class::cast)
                    .filter(event -> event.getString("action").equals("leak.found")
                            && event.encode().contains(id))
                    .count();
            assertThat(found).isEqualTo(1);
            String trail =
                    server.api().get("/audit?action=leak.sightings&limit=5").text();
            assertThat(trail).contains("\"count\":3").contains("\"matched\":1").doesNotContain(token);
        }

        @Test
        void aStoredValueIsToldToWhoMayReadItAndHandledForAll() {
            String id = server.createSecret("STORED", "another s3cret of sightings");
            String blind = key("AUDIT_READ").getString("token");
            assertThat(seen(server.api(blind), "another s3cret of sightings")
                            .getJsonObject(0)
                            .getBoolean("matched"))
                    .isFalse();
            assertThat(notices(server.api(), id)).hasSize(1);
            assertThat(notices(server.api(), id).get(0).getString("kind")).isEqualTo("secret.leaked");
            JsonObject found = seen(server.api(), "another s3cret of sightings\n")
                    .getJsonObject(0)
                    .getJsonArray("found")
                    .getJsonObject(0);
            assertThat(found.getString("kind")).isEqualTo("SECRET");
            assertThat(found.getString("id")).isEqualTo(id);
            assertThat(found.getString("name")).isEqualTo("STORED");
            assertThat(found.getString("environment")).isEqualTo("production");
            assertThat(notices(server.api(), id)).hasSize(1);
            assertThat(server.api().value("STORED")).isEqualTo("another s3cret of sightings");
            String test = server.key(new JsonObject()
                            .put("label", "test")
                            .put("kind", "test")
                            .put("scopes", new JsonArray().add("SECRETS_READ")))
                    .getString("token");
            assertThat(seen(server.api(test), "another s3cret of sightings")
                            .getJsonObject(0)
                            .getBoolean("matched"))
                    .isFalse();
        }

        @Test
        void whatOthersHaveIsNotLookedAt() {
            var other = server.anotherOrg();
            Api there = server.api().in(other.orgId().toString()).as(other.key().exposeText());
            JsonObject secret = new JsonObject().put("name", "THEIRS").put("value", "a value of the others");
            assertThat(there.post("/secrets", secret).status()).isEqualTo(201);
            JsonArray items = seen(server.api(), other.key().exposeText(), "a value of the others");
            assertThat(items.encode()).doesNotContain("true");
            assertThat(there.get("/secrets").status()).isEqualTo(200);
            assertThat(there.get("/notices").list()).isEmpty();
            assertThat(seen(there, key("SECRETS_READ").getString("token")).encode())
                    .doesNotContain("true");
        }

        @Test
        void theTokenThatReportsItselfEnds() {
            String token = key("SECRETS_READ").getString("token");
            assertThat(seen(server.api(token), token).getJsonObject(0).getBoolean("matched"))
                    .isTrue();
            assertThat(server.api(token).post(SIGHTINGS, body("x")).code()).isEqualTo("TOKEN_REVOKED");
        }

        @Test
        void aHundredTextsAreTaken() {
            String[] texts = Stream.iterate(0, n -> n + 1)
                    .limit(100)
                    .map(n -> "nothing " + n)
                    .toArray(String[]::new);
            assertThat(seen(server.api(), texts)).hasSize(100);
            assertThat(seen(server.api(), "x".repeat(16 * 1024))).hasSize(1);
        }
    }

    @Nested
    class Answers400 {
        @Test
        void whatIsMalformed() {
            String[] many = Stream.iterate(0, n -> n + 1)
                    .limit(101)
                    .map(n -> "nothing " + n)
                    .toArray(String[]::new);
            JsonObject item = new JsonObject().put("text", "x");
            for (JsonObject wrong : List.of(
                    new JsonObject(),
                    body(),
                    body(many),
                    body(""),
                    body("x".repeat(16 * 1024 + 1)),
                    body("x").put("repository", ""),
                    body("x").put("repository", "r".repeat(257)),
                    body("x").put("org", "x"),
                    body("x").put("items", "x"),
                    body("x").put("items", new JsonArray().add(item.copy().put("line", 0))),
                    body("x").put("items", new JsonArray().add(item.copy().put("text", 1))),
                    body("x").put("items", new JsonArray().add(item.copy().put("commit", "c".repeat(65)))),
                    body("x").put("items", new JsonArray().add(item.copy().put("path", "p".repeat(1025)))),
                    body("x").put("items", new JsonArray().add(item.copy().put("url", "u".repeat(1001)))),
                    body("x").put("items", new JsonArray().add(item.copy().put("token", "x"))))) {
                Api.Answer answer = server.api().post(SIGHTINGS, wrong);
                assertThat(answer.status()).as(answer.text()).isEqualTo(400);
                assertThat(answer.code()).isEqualTo("INVALID_FIELD");
            }
        }
    }

    @Nested
    class Answers413And429 {
        @Test
        void whatIsTooLargeOrTooOften() {
            String[] texts = Stream.iterate(0, n -> n + 1)
                    .limit(20)
                    .map(n -> n + "x".repeat(16_000))
                    .toArray(String[]::new);
            assertThat(server.api().post(SIGHTINGS, body(texts)).code()).isEqualTo("BODY_TOO_LARGE");
            try (TestServer few = TestServer.start(Map.of("leaks.sightings.minute", "2"))) {
                List<Integer> statuses = Stream.of(1, 2, 3)
                        .map(n -> few.api().post(SIGHTINGS, body("x")).status())
                        .toList();
                assertThat(statuses).containsExactly(200, 200, 429);
            }
        }
    }
}
