package com.fyvault.uses;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import com.fyvault.support.TestServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** Credentials and secrets show within 60 seconds when they were last used, and few rows are written for it. */
class LastUsedIT {
    private static final Duration PROMISED = Duration.ofSeconds(60);
    private static final int KEYS = 50;
    private static final int SECRETS = 200;
    private static final int USES = 1_000;
    private static final Map<String, String> SOON = Map.of("uses.interval.millis", "200");
    // In lane N the interval that is the default.
    private static final int INTERVAL_MILLIS = Lane.count(3_000, 20_000);

    private static void until(BooleanSupplier done) {
        Instant end = Instant.now().plus(PROMISED);
        while (!done.getAsBoolean()) {
            assertThat(Instant.now()).isBefore(end);
        }
    }

    private static JsonObject key(TestServer server, String label) {
        JsonObject body = new JsonObject().put("label", label).put("scopes", new JsonArray().add("SECRETS_READ"));
        return server.key(body);
    }

    private static String valueOf(String name) {
        return "/secrets/by-name/" + name + "/value";
    }

    /** How many of these have a use that is not in the table, or differs from the trail's by more than a second. */
    private static long wrong(TestServer server, String table, String column) {
        return server.database().count("""
                select count(*) from (
                    select %2$s as id, max(at) as at from audit_trail
                     where org_id = ? and action = 1 and outcome in (1, 5) group by 1) used
                  join %1$s t on t.%2$s = used.id
                 where t.last_used_at is null or t.last_used_at > used.at
                    or t.last_used_at <= used.at - interval '1 second'
                """.formatted(table, column), server.orgId());
    }

    /** Rows of both tables updated so far. The nodes' connections end first: a session reports when it ends. */
    private static long updated(TestServer server) {
        String others = "from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
                + " and application_name not like 'PostgreSQL JDBC%'";
        List<Map<String, Object>> ended =
                server.database().query("select pid, pg_terminate_backend(pid, 5000) as gone " + others);
        assertThat(ended).isNotEmpty();
        // What was not ended here has to have gone by itself.
        for (Map<String, Object> session : ended) {
            assertThat(Boolean.TRUE.equals(session.get("gone"))
                            || server.database()
                                            .count("select count(*) from pg_stat_activity where pid = "
                                                    + session.get("pid"))
                                    == 0)
                    .isTrue();
        }
        return server.database()
                .count("select sum(n_tup_upd) from pg_stat_user_tables where relname in ('credential', 'secret')");
    }

    @Test
    void aThousandUsesOnTwoNodesStandWithinAMinuteAndCostFewRows() {
        Map<String, String> settings = Map.of("uses.interval.millis", Integer.toString(INTERVAL_MILLIS));
        try (TestServer first = TestServer.start(settings);
                TestServer second = first.secondNode()) {
            List<Api> keys = keysAndSecrets(first, second);
            String marks = "select (select sum(auth_epoch) from org) + (select sum(version) from environment)"
                    + " + (select sum(meaning_version) from environment)";
            long before = first.database().count(marks);
            long updates = updated(first);
            until(() -> first.api().get("/secrets").status() == 200
                    && second.api().get("/secrets").status() == 200);
            long start = System.nanoTime();
            for (int i = 0; i < USES; i++) {
                assertThat(keys.get(i % KEYS).get(valueOf("S_" + i % SECRETS)).status())
                        .isEqualTo(200);
            }
            long used = System.nanoTime();
            until(() -> wrong(first, "credential", "credential_id") + wrong(first, "secret", "secret_id") == 0);
            double delay = (System.nanoTime() - used) / 1e9;
            assertThat(delay).isLessThan((double) PROMISED.toSeconds());
            theListsShowIt(first);
            long rounds = 2 + (System.nanoTime() - start) / 1_000_000 / INTERVAL_MILLIS;
            long written = updated(first) - updates;
            // The owner's key is used beside the fifty.
            assertThat(written).isBetween((long) KEYS + SECRETS, 2 * rounds * (KEYS + SECRETS + 1));
            assertThat(first.database().count(marks)).isEqualTo(before);
            Figures.print(new Figures.Line(
                    "USED",
                    "last used, 50 keys and 200 secrets, 2 nodes",
                    0,
                    USES,
                    0,
                    "rows updated=%d interval=%dms seen after=%.1fs".formatted(written, INTERVAL_MILLIS, delay)));
        }
    }

    /** Clients with fifty keys, half of them at each node; there are two hundred secrets to read. */
    private static List<Api> keysAndSecrets(TestServer first, TestServer second) {
        for (int i = 0; i < SECRETS; i++) {
            first.createSecret("S_" + i, "value");
        }
        List<Api> keys = new ArrayList<>();
        for (int i = 0; i < KEYS; i++) {
            String token = key(first, "key-" + i).getString("token");
            keys.add(i % 2 == 0 ? first.api(token) : second.api(token));
        }
        return keys;
    }

    private static void theListsShowIt(TestServer server) {
        List<JsonObject> shown = new ArrayList<>();
        for (String list : List.of("/api-keys", "/secrets")) {
            server.api().get(list).list().stream().map(JsonObject.class::cast).forEach(shown::add);
        }
        // The owner's key is one more.
        assertThat(shown)
                .hasSize(KEYS + 1 + SECRETS)
                .allMatch(one -> one.getString("last_used_at") != null)
                .allMatch(one -> one.getString("last_used_at").equals(one.getString("lastUsedAt")));
    }

    @Test
    void aRefusalIsNoUse() {
        try (TestServer server = TestServer.start(SOON)) {
            server.createSecret("KNOWN", "value");
            JsonObject refused = key(server, "refused");
            JsonObject witness = key(server, "witness");
            Api api = server.api(refused.getString("token"));
            assertThat(api.get(valueOf("NOTHING")).status()).isEqualTo(404);
            assertThat(api.post("/api-keys", new JsonObject().put("label", "no"))
                            .status())
                    .isEqualTo(403);
            var _ = server.api(witness.getString("token")).value("KNOWN");
            until(() -> isUsed(server, "credential", witness));
            assertThat(isUsed(server, "credential", refused)).isFalse();
        }
    }

    @Test
    void aValueFoundUnchangedABulkReadAndAChangeAreUses() {
        try (TestServer server = TestServer.start(SOON)) {
            JsonObject one = new JsonObject().put("id", server.createSecret("ONE", "value"));
            JsonObject two = new JsonObject().put("id", server.createSecret("TWO", "value"));
            String etag = server.api().get(valueOf("ONE")).etag();
            until(() -> isUsed(server, "secret", one));
            server.database().execute("update secret set last_used_at = null");
            JsonObject poller = key(server, "poller");
            assertThat(server.api(poller.getString("token"))
                            .get(valueOf("ONE"), "If-None-Match", etag)
                            .status())
                    .isEqualTo(304);
            until(() -> isUsed(server, "secret", one) && isUsed(server, "credential", poller));
            assertThat(isUsed(server, "secret", two)).isFalse();
            assertThat(server.api().get("/environments/production/values").status())
                    .isEqualTo(200);
            until(() -> isUsed(server, "secret", two));
            JsonObject maker = server.key(new JsonObject().put("label", "maker"));
            assertThat(server.api(maker.getString("token"))
                            .post("/access-tokens", new JsonObject())
                            .status())
                    .isEqualTo(201);
            until(() -> isUsed(server, "credential", maker));
        }
    }

    @Test
    void aRowThatSomebodyHoldsIsNotWaitedForAndIsWrittenLater() throws SQLException {
        try (TestServer server = TestServer.start(SOON)) {
            server.createSecret("KNOWN", "value");
            JsonObject held = key(server, "held");
            JsonObject free = key(server, "free");
            try (Connection holder = server.database().superuser();
                    Statement statement = holder.createStatement()) {
                holder.setAutoCommit(false);
                statement.execute(
                        "select from credential where credential_id = '" + held.getString("id") + "' for update");
                var _ = server.api(held.getString("token")).value("KNOWN");
                var _ = server.api(free.getString("token")).value("KNOWN");
                until(() -> isUsed(server, "credential", free));
                assertThat(isUsed(server, "credential", held)).isFalse();
                holder.rollback();
            }
            until(() -> isUsed(server, "credential", held));
        }
    }

    @Test
    void aNodeThatStopsWritesWhatItHas() {
        Map<String, String> late = Map.of("uses.interval.millis", "30000");
        try (TestServer server = TestServer.start(late)) {
            JsonObject secret = new JsonObject().put("id", server.createSecret("KNOWN", "value"));
            try (TestServer second = server.secondNode()) {
                var _ = second.api().value("KNOWN");
                assertThat(isUsed(server, "secret", secret)).isFalse();
            }
            assertThat(isUsed(server, "secret", secret)).isTrue();
        }
    }

    /** Whether a row, named by the id of what was made, says that it was used. */
    private static boolean isUsed(TestServer server, String table, JsonObject made) {
        return server.database()
                        .count(
                                "select count(last_used_at) from " + table + " where org_id = ? and " + table
                                        + "_id = ?::uuid",
                                server.orgId(),
                                made.getString("id"))
                == 1;
    }
}
