package com.fyvault.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.TestPostgres;
import com.fyvault.support.TestRedis;
import com.fyvault.support.TestServer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What a node says on its management port of itself and of the others. */
class NodeStateIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** The node's state, asked for until it is as it should be. */
    private static JsonObject state(TestServer server, Predicate<JsonObject> enough) {
        Instant end = Instant.now().plus(LIMIT);
        JsonObject state;
        do {
            state = server.management("/health/ready").json();
        } while (!enough.test(state) && Instant.now().isBefore(end));
        assertThat(enough.test(state)).as(state.encode()).isTrue();
        return state;
    }

    private static Map<String, Long> ages(JsonObject state) {
        return state.getJsonArray("nodes").stream()
                .map(JsonObject.class::cast)
                .collect(Collectors.toMap(one -> one.getString("node"), one -> one.getLong("heartbeatAgeMillis")));
    }

    private static double metric(TestServer server, String name) {
        return server.management("/metrics")
                .text()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .map(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void eachNodeNamesAllAndHowOldTheirHeartbeatsAre() {
        try (TestServer first = TestServer.start()) {
            JsonObject alone = state(first, one -> one.getBoolean("hearsOtherNodes"));
            assertThat(alone.getString("limits")).isEqualTo("exact");
            assertThat(alone.getString("redis")).isEqualTo("off");
            assertThat(ages(alone)).containsOnlyKeys(alone.getString("node"));
            try (TestServer second = first.secondNode()) {
                // Two nodes without Redis each count for themselves.
                JsonObject here = state(first, one -> one.getString("limits").equals("own"));
                JsonObject there = state(second, one -> true);
                assertThat(here.getString("node")).isNotEqualTo(there.getString("node"));
                assertThat(ages(here)).containsOnlyKeys(here.getString("node"), there.getString("node"));
                assertThat(ages(there)).containsOnlyKeys(here.getString("node"), there.getString("node"));
                assertThat(ages(here).values()).allMatch(age -> age >= 0 && age < Nodes.LIVE.toMillis());
                assertThat(here.getJsonArray("otherNodes")).containsExactly(there.getString("node"));
                assertThat(here.getJsonObject("heartbeat").getLong("ageMillis")).isBetween(0L, Nodes.LIVE.toMillis());
                assertThat(here.getJsonObject("heartbeat").getLong("tookMillis"))
                        .isBetween(0L, Nodes.LIVE.toMillis());
                assertThat(metric(first, "fyvault_nodes_live")).isEqualTo(2);
                assertThat(metric(first, "fyvault_limits_exact")).isZero();
                assertThat(metric(first, "fyvault_heartbeat_age_seconds")).isBetween(0.0, 5.0);
            }
            JsonObject again = state(first, one -> one.getString("limits").equals("exact"));
            assertThat(ages(again)).containsOnlyKeys(alone.getString("node"));
        }
    }

    @Test
    @SuppressWarnings("try") // It is closed in the middle, and started again.
    void theStateOfRedisAndOfTheLeasesIsShown() {
        try (TestRedis redis = TestRedis.own();
                TestServer server = TestServer.start(redis.settings())) {
            assertThat(state(server, one -> one.getString("redis").equals("up")).getString("limits"))
                    .isEqualTo("exact");
            redis.close();
            assertThat(state(server, one -> one.getString("redis").equals("down"))
                            .getString("limits"))
                    .isEqualTo("share");
            redis.start();
            assertThat(state(server, one -> one.getString("redis").equals("up")).getString("limits"))
                    .isEqualTo("exact");
        }
    }

    @Test
    void withoutPostgresItSaysWhatItKnows() {
        try (TestPostgres postgres = TestPostgres.own();
                TestServer server = TestServer.start(postgres.create(), Map.of())) {
            String node = state(server, one -> one.getBoolean("ready")).getString("node");
            int _ = postgres.processes().freeze();
            try {
                JsonObject state = state(server, one -> !one.getBoolean("ready"));
                assertThat(state.getString("node")).isEqualTo(node);
                assertThat(state.containsKey("nodes")).isFalse();
                Api.Answer answer = server.management("/health/ready");
                assertThat(answer.status()).isEqualTo(503);
                // It took this answer longer than a heartbeat to know.
                assertThat(answer.json().getJsonObject("heartbeat").getLong("ageMillis"))
                        .isGreaterThan(1_000);
            } finally {
                postgres.processes().thaw();
            }
            assertThat(state(server, one -> one.getBoolean("ready")).getString("node"))
                    .isEqualTo(node);
        }
    }
}
