package com.fyvault.limits;

import static com.fyvault.support.Bodies.texts;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.TestRedis;
import com.fyvault.support.TestServer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What limits do to requests, counted in the process and counted by Redis. A day is long enough not to end in a test. */
@ParameterizedClass(name = "redis={0}")
@ValueSource(booleans = {false, true})
class RateLimitsIT {
    private static final String VALUE = "/secrets/by-name/API_KEY/value";

    @Parameter
    boolean withRedis;

    private TestServer server;

    private void start(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(withRedis ? TestRedis.shared().settings() : Map.of());
        all.putAll(settings);
        server = TestServer.start(all);
        server.createSecret("API_KEY", "s3cret");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private JsonObject key(JsonObject limits, String... scopes) {
        JsonObject body = new JsonObject()
                .put("label", "app")
                .put("scopes", texts(scopes))
                .put("limits", limits);
        return server.key(body);
    }

    private static JsonObject aDay(int requests) {
        return new JsonObject().put("perDay", requests);
    }

    private static List<Integer> statuses(Api api, String path, int requests) {
        return IntStream.range(0, requests)
                .mapToObj(i -> api.get(path).status())
                .toList();
    }

    @Test
    void theLastWithinTheLimitPassesAndTheNextIsRefused() {
        start(Map.of());
        Api api = server.api(key(aDay(5), "SECRETS_READ").getString("token"));
        assertThat(statuses(api, VALUE, 5)).containsOnly(200);
        Api.Answer refused = api.get(VALUE);
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.code()).isEqualTo("RATE_LIMITED");
        assertThat(Integer.parseInt(refused.header("retry-after"))).isBetween(1, 86_400);
        assertThat(refused.header("ratelimit-policy")).isEqualTo("\"credential-day\";q=5;w=86400");
        assertThat(refused.header("ratelimit")).matches("\"credential-day\";r=0;t=\\d+");
        assertThat(api.get("/secrets").status()).as("every route counts").isEqualTo(429);
    }

    @Test
    void answersSayWhatIsLeftAndOthersSayNothing() {
        start(Map.of());
        Api api =
                server.api(key(aDay(10).put("perMinute", 1_000), "SECRETS_READ").getString("token"));
        Api.Answer read = api.get(VALUE);
        assertThat(read.header("ratelimit-policy"))
                .isEqualTo("\"credential-minute\";q=1000;w=60, \"credential-day\";q=10;w=86400");
        assertThat(read.header("ratelimit")).matches("\"credential-day\";r=9;t=\\d+");
        assertThat(api.get("/secrets").header("ratelimit")).matches("\"credential-day\";r=8;t=\\d+");
        assertThat(api.get("/projects/none/secrets").header("ratelimit")).startsWith("\"credential-day\";r=7;");
        assertThat(server.api().get(VALUE).header("ratelimit")).isEmpty();
    }

    @Test
    void readsThatTellNothingAreGivenBack() {
        start(Map.of());
        Api api = server.api(key(aDay(4), "SECRETS_READ").getString("token"));
        String etag = api.get(VALUE).etag();
        for (int i = 0; i < 10; i++) {
            assertThat(api.get(VALUE, "If-None-Match", etag).status()).isEqualTo(304);
            assertThat(api.get("/secrets/by-name/NONE/value").status()).isEqualTo(404);
        }
        assertThat(statuses(api, VALUE, 4)).containsExactly(200, 200, 200, 429);
    }

    @Test
    void whatIsForbiddenCounts() {
        start(Map.of());
        Api api = server.api(key(aDay(3), "SECRETS_WRITE").getString("token"));
        assertThat(statuses(api, VALUE, 4)).containsExactly(403, 403, 403, 429);
    }

    @Test
    void sessionsShareTheLimitOfTheirKey() {
        start(Map.of());
        JsonObject key = key(aDay(6), "SECRETS_READ", "TOKENS_WRITE");
        Api api = server.api(key.getString("token"));
        JsonObject none = new JsonObject();
        Api first = server.api(api.post("/access-tokens", none).data().getString("token"));
        Api second = server.api(api.post("/access-tokens", none).data().getString("token"));
        assertThat(statuses(first, VALUE, 2)).containsOnly(200);
        assertThat(statuses(second, VALUE, 3)).containsExactly(200, 200, 429);
    }

    @Test
    void aKeyCannotLoosenItsOwnLimitButItsMakerCan() {
        start(Map.of());
        JsonObject key = key(aDay(5), "SECRETS_READ", "TOKENS_WRITE");
        Api api = server.api(key.getString("token"));
        String path = "/api-keys/" + key.getString("id");
        assertThat(api.patch(path, new JsonObject().put("limits", aDay(6))).code())
                .isEqualTo("EXCEEDS_PARENT");
        assertThat(api.patch(path, new JsonObject().put("limits", new JsonObject()))
                        .code())
                .isEqualTo("EXCEEDS_PARENT");
        assertThat(api.patch(path, new JsonObject().put("limits", aDay(4))).status())
                .isEqualTo(200);
        assertThat(statuses(api, VALUE, 2)).containsExactly(200, 429);
        Api.Answer loosened = server.person().patch(path, new JsonObject().put("rateLimitRpm", 100));
        assertThat(loosened.data().getInteger("rateLimitRpm")).isEqualTo(100);
        assertThat(loosened.data().getJsonObject("limits")).isEqualTo(new JsonObject().put("perMinute", 100));
        assertThat(api.get(VALUE).status()).isEqualTo(200);
        assertThat(server.person()
                        .patch(path, new JsonObject().put("limits", new JsonObject()))
                        .data()
                        .getJsonObject("limits"))
                .isEqualTo(new JsonObject());
        assertThat(api.get(VALUE).header("ratelimit")).isEmpty();
    }

    @Test
    void aLimitedKeyChangesNoUnlimitedOneThatIsNotItsChild() {
        start(Map.of());
        JsonObject free = key(new JsonObject(), "SECRETS_READ");
        Api api = server.api(key(aDay(50), "SECRETS_READ", "TOKENS_WRITE").getString("token"));
        assertThat(api.patch("/api-keys/" + free.getString("id"), new JsonObject().put("label", "x"))
                        .code())
                .isEqualTo("EXCEEDS_PARENT");
    }

    @Test
    void limitsOfAnOrganizationAreItsOwn() {
        start(Map.of("limits.org.day", "20"));
        Api other = server.api(server.anotherOrg().key().exposeText());
        List<Integer> all = statuses(server.api(), VALUE, 25);
        assertThat(all).contains(200, 429);
        assertThat(all.stream().filter(status -> status == 200)).hasSize(19);
        assertThat(other.get(VALUE).status()).as("a foreign organization").isEqualTo(404);
    }

    @Test
    void refusedTokensOfAnAddressEndInA429ButKnownOnesGoOn() {
        start(Map.of("limits.failures.minute", "20"));
        JsonObject cold = key(new JsonObject(), "SECRETS_READ");
        assertThat(server.api().get(VALUE).status()).isEqualTo(200);
        Api junk = server.api("fv_live_nothing");
        List<Integer> statuses = statuses(junk, VALUE, 60);
        assertThat(statuses.subList(0, 20)).containsOnly(401);
        assertThat(statuses.get(59)).isEqualTo(429);
        Api.Answer unread = server.api(cold.getString("token")).get(VALUE);
        assertThat(unread.code()).as("would have to be looked up").isEqualTo("RATE_LIMITED");
        assertThat(unread.header("retry-after")).isNotEmpty();
        assertThat(server.api(cold.getString("token")).get("/secrets").status()).isEqualTo(429);
        assertThat(server.api().get(VALUE).status()).isEqualTo(200);
    }

    @Test
    void refusedIdentityTokensOfAnAddressEndInA429() {
        start(Map.of("limits.failures.minute", "20"));
        JsonObject forged = new JsonObject()
                .put("idToken", "eyJhbGciOiJSUzI1NiJ9.e30.c2ln")
                .put("orgId", server.orgId().toString());
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            statuses.add(
                    server.api(null).post("//api/v1/auth/oidc/github", forged).status());
        }
        assertThat(statuses.subList(0, 20)).containsOnly(401);
        assertThat(statuses.get(59)).isEqualTo(429);
        assertThat(server.api(null)
                        .send("POST", "//api/v1/auth/oidc/exchange", "{broken")
                        .code())
                .as("not read any more")
                .isEqualTo("RATE_LIMITED");
        assertThat(server.api("fv_live_nothing").get(VALUE).status()).isEqualTo(429);
        assertThat(server.api().get("/secrets").status()).as("known").isEqualTo(200);
    }

    @Test
    void aBodyOfWhoIsOverTheLimitIsNotParsed() {
        start(Map.of());
        Api api = server.api(key(aDay(1), "SECRETS_WRITE").getString("token"));
        assertThat(api.send("POST", "/secrets", "{broken").code()).isEqualTo("MALFORMED_JSON");
        assertThat(api.send("POST", "/secrets", "{broken").code()).isEqualTo("RATE_LIMITED");
    }
}
