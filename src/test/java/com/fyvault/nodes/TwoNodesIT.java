package com.fyvault.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.LogCapture;
import com.fyvault.support.TestServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** A revocation on one node holds on every other when it is answered, and waits only when there is one. */
class TwoNodesIT {
    private static final String VALUE = "/secrets/by-name/API_KEY/value";
    private static final long DEADLINE_MILLIS = 500;

    private TestServer first;

    @BeforeEach
    void start() {
        first = TestServer.start();
        first.createSecret("API_KEY", "s3cret");
    }

    @AfterEach
    void stop() {
        first.close();
    }

    private JsonObject key() {
        JsonObject body = new JsonObject().put("label", "app").put("scopes", new JsonArray().add("SECRETS_READ"));
        return first.key(body);
    }

    private long revokeMillis(JsonObject key) {
        long start = System.nanoTime();
        assertThat(first.api().delete("/api-keys/" + key.getString("id")).status())
                .isEqualTo(200);
        return (System.nanoTime() - start) / 1_000_000;
    }

    @Test
    void theOtherNodeIsWaitedForAndRefusesFromThenOn() {
        try (TestServer second = first.secondNode()) {
            JsonObject key = key();
            Api there = second.api(key.getString("token"));
            for (int i = 0; i < 10; i++) {
                assertThat(there.get(VALUE).status()).isEqualTo(200);
            }
            assertThat(revokeMillis(key)).isLessThan(3 * DEADLINE_MILLIS);
            assertThat(there.get(VALUE).code()).isEqualTo("TOKEN_REVOKED");
        }
    }

    /** Others take it for dead by then, and do not wait for it any more. */
    @Test
    void aNodeWhoseHeartbeatIsNotWrittenReleasesNothing() throws SQLException {
        Api api = first.api();
        assertThat(api.get(VALUE).status()).isEqualTo(200);
        try (Connection silencing = first.database().superuser();
                Statement statement = silencing.createStatement()) {
            silencing.setAutoCommit(false);
            statement.execute("lock table node in exclusive mode");
            long silent = System.nanoTime();
            long refused = nanosUntil(api, 503);
            assertThat(refused - silent).isLessThan(Nodes.LIVE.toNanos() + TimeUnit.SECONDS.toNanos(1));
            assertThat(api.get(VALUE).code()).isEqualTo("UNSETTLED");
            silencing.rollback();
            long back = System.nanoTime();
            assertThat(nanosUntil(api, 200) - back).isLessThan(TimeUnit.SECONDS.toNanos(4));
        }
    }

    private static long nanosUntil(Api api, int status) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (api.get(VALUE).status() != status) {
            assertThat(System.nanoTime()).as("waited for " + status).isLessThan(end);
        }
        return System.nanoTime();
    }

    @Test
    void aNodeThatDoesNotAcknowledgeIsWaitedForUntilTheDeadline() {
        aliveAndDeaf(UUID.randomUUID());
        assertThat(revokeMillis(key())).isBetween(DEADLINE_MILLIS, 3 * DEADLINE_MILLIS);
    }

    @Test
    void aForgedAcknowledgementIsNotBelieved() throws SQLException {
        UUID deaf = UUID.randomUUID();
        aliveAndDeaf(deaf);
        try (LogCapture log = LogCapture.open();
                Forger forger = new Forger(first.database().superuser(), deaf)) {
            assertThat(revokeMillis(key())).isBetween(DEADLINE_MILLIS, 3 * DEADLINE_MILLIS);
            assertThat(forger.sent()).isGreaterThan(2);
            assertThat(log.linesWith("an acknowledgement with a wrong seal")).isNotEmpty();
            assertThat(log.linesWith("malformed acknowledgement")).isNotEmpty();
        }
    }

    /** A node whose heartbeat stands, and which says nothing. */
    private void aliveAndDeaf(UUID node) {
        first.database()
                .execute("insert into node (node_id, seen_at) values (?, clock_timestamp() + interval '1 hour')", node);
    }

    /** Someone with a connection to the database, who answers each cut for the deaf node. */
    private static final class Forger implements AutoCloseable {
        private final Connection connection;
        private final UUID node;
        private final AtomicInteger sent = new AtomicInteger();
        private final Thread thread;
        private volatile boolean over;

        Forger(Connection connection, UUID node) throws SQLException {
            this.connection = connection;
            this.node = node;
            try (Statement statement = connection.createStatement()) {
                statement.execute("listen fyvault_cut");
            }
            this.thread = Thread.ofVirtual().start(this::run);
        }

        int sent() {
            return sent.get();
        }

        private void run() {
            try {
                PGConnection pg = connection.unwrap(PGConnection.class);
                while (!over) {
                    for (PGNotification heard : pg.getNotifications(100)) {
                        String[] parts = heard.getParameter().split(" ", -1);
                        tell(parts[0] + " " + node + " " + "00".repeat(32));
                        tell(parts[0] + " " + node + " " + parts[5]);
                        tell(parts[0] + " " + node);
                    }
                }
            } catch (SQLException closed) {
                // The test is over.
            }
        }

        private void tell(String text) throws SQLException {
            try (PreparedStatement statement = connection.prepareStatement("select pg_notify('fyvault_cut_ack', ?)")) {
                statement.setString(1, text);
                statement.execute();
                sent.incrementAndGet();
            }
        }

        @Override
        public void close() throws SQLException {
            // Not by an interrupt: that closes the socket under a virtual thread that reads from it.
            over = true;
            try {
                thread.join();
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
            connection.close();
        }
    }

    @Test
    void aNodeThatHasStoppedIsNotWaitedFor() {
        first.secondNode().close();
        assertThat(first.database().count("select count(*) from node")).isEqualTo(1);
        JsonObject key = key();
        assertThat(revokeMillis(key)).isLessThan(DEADLINE_MILLIS);
        assertThat(first.api(key.getString("token")).get(VALUE).status()).isEqualTo(401);
    }

    @Test
    void whatANodeKeepsOfATokenThatWasRolledTwiceIsRefused() {
        try (TestServer second = first.secondNode()) {
            JsonObject key = key();
            Api there = second.api(key.getString("token"));
            assertThat(there.get(VALUE).status()).isEqualTo(200);
            String path = "/api-keys/" + key.getString("id") + "/roll";
            assertThat(first.person().post(path, new JsonObject()).status()).isEqualTo(200);
            JsonObject latest = first.person().post(path, new JsonObject()).data();
            // This one makes the node ask what changed since the epoch that it knows: two rolls at once.
            assertThat(second.api().get(VALUE).status()).isEqualTo(200);
            assertThat(there.get(VALUE).status()).isEqualTo(401);
            assertThat(second.api(latest.getString("token")).get(VALUE).status())
                    .isEqualTo(200);
        }
    }
}
