package com.fyvault.tokens;

import static com.fyvault.support.Answers.created;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.TestRedis;
import com.fyvault.support.TestServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Command;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a node leaves in Redis of a token, and for how long. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RedisDecisionsIT {
    private static final String VALUE = "/secrets/by-name/HOT/value";
    private static final long LOOK_NANOS = 2_000_000;

    private final TestRedis redis = TestRedis.own();
    private final Map<String, String> settings = redis.patientSettings();
    private TestServer server;
    private RedisEntries entries;

    @BeforeAll
    void start() {
        server = TestServer.start(settings);
        server.createSecret("HOT", "value-that-is-nowhere-else");
        entries = new RedisEntries(redis, settings.get("redis.prefix"), server.subKeys());
    }

    @AfterAll
    void stop() {
        entries.close();
        server.close();
        redis.close();
    }

    @Test
    void anEntryLivesAMinuteOrUpToAFifthLess() {
        for (int i = 0; i < 20; i++) {
            TokenHash hash = TokenFormat.hash(read(session("SECRETS_READ")));
            assertThat(entries.await(hash)).isNotEmpty();
            assertThat(entries.lifeMillis(hash)).isBetween(40_000L, 60_000L);
        }
    }

    @Test
    void neitherTokenNorHashNorValueIsInRedis() {
        String token = read(session("SECRETS_READ"));
        assertThat(entries.await(TokenFormat.hash(token))).isNotEmpty();
        List<byte[]> all = entries.all();
        assertThat(all).hasSizeGreaterThan(1);
        List<byte[]> secrets = List.of(
                token.getBytes(StandardCharsets.UTF_8),
                server.ownerKey().getBytes(StandardCharsets.UTF_8),
                "value-that-is-nowhere-else".getBytes(StandardCharsets.UTF_8),
                TokenFormat.hash(token).toBytes(),
                TokenFormat.hash(server.ownerKey()).toBytes());
        for (byte[] secret : secrets) {
            assertThat(all).noneMatch(entry -> RedisEntries.holds(entry, secret));
        }
        // The search finds what is there.
        assertThat(all).anyMatch(entry -> RedisEntries.holds(entry, "SESSION".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void theEntryOfARevokedSessionIsTakenBack() {
        JsonObject session = session("SECRETS_READ");
        TokenHash hash = TokenFormat.hash(read(session));
        assertThat(entries.await(hash)).isNotEmpty();
        assertThat(server.api()
                        .delete("/access-tokens/" + session.getString("id"))
                        .status())
                .isEqualTo(200);
        for (int i = 0; i < 1_000 && entries.get(hash) != null; i++) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
        assertThat(entries.get(hash)).isNull();
    }

    /** With a MAC that fits: only the time tells that it lay somewhere else meanwhile. */
    @Test
    void anEntryThatIsTooOldOrOfTheFutureIsNotBelieved() {
        EntrySeal seal = new EntrySeal(server.subKeys().cacheMac());
        assertThat(server.api().get("/secrets").status()).isEqualTo(200);
        long epoch = entries.found(TokenFormat.hash(server.ownerKey())).epoch();
        for (Duration age : List.of(Duration.ofMinutes(7), Duration.ofMinutes(-6))) {
            String token = session("AUDIT_READ").getString("token");
            TokenHash hash = TokenFormat.hash(token);
            long written = Instant.now().minus(age).toEpochMilli() * 1_000;
            Credential wide = WideKey.of(server.orgId(), server.projectId(), hash);
            entries.put(hash, seal.seal(hash, new CredentialStore.Found(List.of(wide), Standing.FULL, epoch, written)));
            long outdated = server.metric(outcome("outdated"));
            assertThat(server.api(token).get(VALUE).status()).isEqualTo(403);
            assertThat(server.metric(outcome("outdated")) - outdated).isEqualTo(1);
        }
    }

    @Test
    void whatIsNoTextIsAMiss() {
        String token = session("SECRETS_READ").getString("token");
        redis.command(server.vertx(), Command.HSET, entries.key(TokenFormat.hash(token)), "field", "value");
        long failed = server.metric(outcome("failed"));
        assertThat(server.api(token).get(VALUE).status()).isEqualTo(200);
        assertThat(server.metric(outcome("failed")) - failed).isEqualTo(1);
    }

    @Test
    void zeroSecondsShareNothing() {
        try (TestServer silent = server.secondNode(Map.of("redis.decisions.seconds", "0", "redis.prefix", "silent"))) {
            assertThat(silent.api().get(VALUE).status()).isEqualTo(200);
            assertThat(silent.management("/metrics").text())
                    .contains("fyvault_redis_up")
                    .doesNotContain("fyvault_shared_decisions");
            assertThat(redis.command(server.vertx(), Command.KEYS, "silent:d:*"))
                    .isEmpty();
        }
    }

    private JsonObject session(String scope) {
        JsonObject body = new JsonObject().put("ttlSeconds", 900).put("scopes", new JsonArray().add(scope));
        return created(server.api().post("/access-tokens", body));
    }

    private String read(JsonObject session) {
        assertThat(server.api(session.getString("token")).get(VALUE).status()).isEqualTo(200);
        return session.getString("token");
    }

    private static String outcome(String outcome) {
        return "fyvault_shared_decisions_total{outcome=\"" + outcome + "\"}";
    }
}
