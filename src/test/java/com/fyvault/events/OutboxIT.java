package com.fyvault.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.platform.config.Config;
import com.fyvault.platform.config.PostgresSettings;
import com.fyvault.platform.postgres.Database;
import com.fyvault.support.Api;
import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import com.fyvault.support.ServerTest;
import com.fyvault.support.TestServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The events of changes as they stand in the database. */
class OutboxIT extends ServerTest {
    private static final int WRITERS = 8;
    private static final Position START = new Position(0, new UUID(0, 0));

    private Database database;
    private EventStore store;

    @BeforeAll
    void connect() {
        database = new Database(
                server.vertx(),
                PostgresSettings.from(Config.of(server.database().settings())),
                "outbox");
        store = new PostgresEventStore(database);
    }

    @AfterAll
    void disconnect() {
        var _ = TestServer.await(database.close());
    }

    private List<Map<String, Object>> events(String type) {
        return server.database()
                .query("select *, data::text as said from event where org_id = ? and type = ?", server.orgId(), type);
    }

    private static JsonObject said(Map<String, Object> event) {
        return new JsonObject(String.valueOf(event.get("said")));
    }

    @Test
    void aChangeWritesItsEventWithoutTheValue() {
        String id = server.createSecret("TOLD", "canary-5f3a");
        Api.Answer updated = owner.patch("/secrets/" + id, new JsonObject().put("value", "canary-77b1"));
        assertThat(updated.status()).isEqualTo(200);
        assertThat(owner.delete("/secrets/" + id).status()).isEqualTo(200);
        Map<String, Object> event = events("secret.updated").get(0);
        assertThat(event.get("secret_id")).hasToString(id);
        assertThat(event.get("secret")).isEqualTo("TOLD");
        assertThat(event.get("environment")).isEqualTo("production");
        assertThat(event.get("production")).isEqualTo(true);
        assertThat(event.get("project_id")).isEqualTo(server.projectId());
        assertThat(event.get("actor_id")).isNotNull();
        assertThat(said(event).getString("requestId")).isEqualTo(updated.requestId());
        assertThat(said(event).getInteger("version")).isEqualTo(2);
        assertThat(events("secret.deleted").get(0).get("secret_id")).hasToString(id);
        assertThat(server.database().query("select event::text as row from event"))
                .noneMatch(row -> String.valueOf(row.get("row")).contains("canary"));
    }

    @Test
    void aTokenIsNamedAsWhatItIsAbout() {
        JsonObject agent = owner.post("/agent-credentials", new JsonObject().put("name", "told"))
                .data();
        String id = agent.getString("id", agent.getString("agent_credential_id"));
        assertThat(events("token.created")).anyMatch(event -> id.equals(String.valueOf(event.get("credential_id"))));
        assertThat(server.database().query("select event::text as row from event"))
                .noneMatch(row -> String.valueOf(row.get("row")).contains("fvag_"));
    }

    @Test
    void whatWasNotDoneIsNotTold() {
        String body = new JsonObject().put("name", "ONCE").put("value", "x").encode();
        assertThat(owner.send("POST", "/secrets", body, "Idempotency-Key", "told-once")
                        .status())
                .isEqualTo(201);
        assertThat(owner.send("POST", "/secrets", body, "Idempotency-Key", "told-once")
                        .status())
                .isEqualTo(201);
        assertThat(owner.send("POST", "/secrets", body).code()).isEqualTo("NAME_TAKEN");
        assertThat(events("secret.created"))
                .filteredOn(event -> "ONCE".equals(event.get("secret")))
                .hasSize(1);
    }

    @Test
    void anotherOrganizationsEventsAreNotThere() {
        server.createSecret("OURS", "x");
        UUID other = server.anotherOrg().orgId();
        EventStore.Page page = Objects.requireNonNull(TestServer.await(store.after(other, START, 1_000)));
        assertThat(page.events()).noneMatch(event -> "OURS".equals(event.place().secret()));
        assertThat(page.events()).allMatch(event -> event.orgId().equals(other));
        assertThat(TestServer.await(store.after(UUID.randomUUID(), START, 10))).isNull();
    }

    /**
     * Transactions that end in another order than they began, and a reader that remembers how far it has come. By the numbers
     * of the rows alone it would pass some by; that this happens here is counted, or the test would prove nothing.
     */
    @Test
    void aReaderThatRemembersAPlaceMissesNothing() {
        int each = Lane.count(500, 60);
        UUID org = server.anotherOrg().orgId();
        List<CompletableFuture<Void>> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
            writers.add(CompletableFuture.runAsync(() -> write(org, each), Thread::startVirtualThread));
        }
        CompletableFuture<Void> written = CompletableFuture.allOf(writers.toArray(CompletableFuture[]::new));
        List<UUID> read = new ArrayList<>();
        Position place = start(org);
        Naive naive = new Naive(org);
        long pending = 0;
        boolean last;
        do {
            last = written.isDone();
            EventStore.Page page = Objects.requireNonNull(TestServer.await(store.after(org, place, 50)));
            pending += page.pending() ? 1 : 0;
            for (Event event : page.events()) {
                assertThat(event.position()).isGreaterThan(place);
                place = event.position();
                read.add(event.position().eventId());
            }
            naive.read();
            last = last && page.events().isEmpty() && !page.pending();
        } while (!last);
        written.join();
        long all =
                server.database().count("select count(*) from event where org_id = ? and type = 'secret.rotated'", org);
        assertThat(all).isEqualTo((long) WRITERS * each);
        assertThat(Set.copyOf(read)).hasSize((int) all);
        assertThat(read).hasSize((int) all);
        Figures.print(new Figures.Line(
                "outbox",
                "events in the order of commits, none missed",
                WRITERS,
                all,
                all - read.size(),
                "reads that waited for an earlier transaction=" + pending + " missed without that="
                        + (all - naive.seen.size())));
        assertThat(pending).isPositive();
        assertThat(naive.seen).hasSizeLessThan((int) all);
    }

    private Position start(UUID org) {
        return Objects.requireNonNull(TestServer.await(store.after(org, START, 1)))
                .look()
                .next();
    }

    /** Goes by the highest number that it has seen. */
    private final class Naive {
        private final UUID org;
        private final Set<UUID> seen = new HashSet<>();
        private long highest;

        Naive(UUID org) {
            this.org = org;
        }

        void read() {
            for (Map<String, Object> row : server.database()
                    .query(
                            "select tx::text::bigint as tx, event_id from event where org_id = ? "
                                    + "and type = 'secret.rotated' and tx > ?::text::xid8",
                            org,
                            Long.toString(highest))) {
                seen.add((UUID) row.get("event_id"));
                highest = Math.max(highest, (Long) row.get("tx"));
            }
        }
    }

    private void write(UUID org, int rows) {
        try (Connection connection = server.database().superuser()) {
            connection.setAutoCommit(false);
            for (int i = 0; i < rows; i++) {
                try (PreparedStatement insert = connection.prepareStatement(
                        "insert into event (org_id, event_id, type) values (?, ?, 'secret.rotated')")) {
                    insert.setObject(1, org);
                    insert.setObject(2, UUID.randomUUID());
                    assertThat(insert.executeUpdate()).isEqualTo(1);
                }
                LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(10_000_000));
                connection.commit();
            }
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @Test
    void whatIsOlderThanAWeekIsForgotten() {
        UUID org = server.anotherOrg().orgId();
        String insert = "insert into event (org_id, event_id, type, at) select ?, gen_random_uuid(), 'secret.created', "
                + "now() - interval '7 days' + ? * interval '1 minute' from generate_series(1, 1500)";
        server.database().execute(insert, org, -1);
        server.database().execute(insert, org, 1);
        assertThat(TestServer.await(new PostgresEventPurge(database).purge())).isEqualTo(1_500);
        assertThat(server.database()
                        .count("select count(*) from event where org_id = ? and at < now() - interval '1 hour'", org))
                .isEqualTo(1_500);
    }

    @Test
    void theKeyOfATokenThatIsConfinedIsTold() {
        JsonObject made =
                server.key(new JsonObject().put("label", "x").put("scopes", new JsonArray().add("AUDIT_READ")));
        assertThat(events("token.created"))
                .anyMatch(event -> made.getString("id").equals(String.valueOf(event.get("credential_id"))));
    }
}
