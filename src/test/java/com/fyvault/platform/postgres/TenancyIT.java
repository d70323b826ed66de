package com.fyvault.platform.postgres;

import static com.fyvault.support.TestServer.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fyvault.platform.config.Config;
import com.fyvault.platform.config.PostgresSettings;
import com.fyvault.support.FaultProxy;
import com.fyvault.support.ServerTest;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Statements that forget to say whose rows they mean, through each of the doors to the database. */
class TenancyIT extends ServerTest {
    /** It names no organization on purpose. */
    private static final String FORGETFUL = "select org_id from project";

    private static final long PATIENCE_NANOS = 5_000_000_000L;
    private static final long LOOK_NANOS = 1_000_000;

    private Database database;
    private UUID theirs;
    private UUID ours;

    @BeforeAll
    void connect() {
        theirs = server.orgId();
        ours = server.anotherOrg().orgId();
        Map<String, String> values = new HashMap<>(server.database().settings());
        // One connection, so that each statement finds what the one before has left on it.
        values.put("postgres.pool.size", "1");
        database = new Database(server.vertx(), PostgresSettings.from(Config.of(values)), "tenancy");
    }

    @AfterAll
    void close() {
        var _ = await(database.close());
    }

    @Test
    void aStatementFindsRowsOfItsOrganizationOnly() {
        assertThat(found(database.query(ours, FORGETFUL, Tuple.tuple()))).containsOnly(ours);
        assertThat(found(database.query(theirs, FORGETFUL, Tuple.tuple()))).containsOnly(theirs);
    }

    @Test
    void aWalkFindsRowsOfItsOrganizationOnlyAndLeavesNothingBehind() {
        String setting = "select current_setting('enable_sort')";
        assertThat(found(database.walk(ours, FORGETFUL, Tuple.tuple()))).containsOnly(ours);
        assertThat(text(database.walk(ours, setting, Tuple.tuple()))).isEqualTo("off");
        assertThat(text(database.query(ours, setting, Tuple.tuple()))).isEqualTo("on");
    }

    private static String text(Future<RowSet<Row>> asked) {
        return await(asked).iterator().next().getString(0);
    }

    @Test
    void aTransactionFindsRowsOfItsOrganizationOnly() {
        assertThat(found(database.inTransaction(ours, inside -> inside.query(FORGETFUL, Tuple.tuple()))))
                .containsOnly(ours);
    }

    @Test
    void aTransactionThatEntersAnotherLeavesTheOneBefore() {
        Future<RowSet<Row>> entered = database.inTransaction(
                ours, inside -> inside.enter(theirs).compose(in -> inside.query(FORGETFUL, Tuple.tuple())));
        assertThat(found(entered)).containsOnly(theirs);
        isRefused(database.query(FORGETFUL, Tuple.tuple()));
    }

    @Test
    void withoutAnOrganizationNothingIsFoundAndThatIsAnError() {
        isRefused(database.query(FORGETFUL, Tuple.tuple()));
        isRefused(database.inTransaction(inside -> inside.query(FORGETFUL, Tuple.tuple())));
    }

    @Test
    void everywhereFindsAllAndLeavesNothingBehind() {
        Everywhere everywhere = database.everywhere();
        assertThat(found(everywhere.query(FORGETFUL, Tuple.tuple()))).contains(ours, theirs);
        isRefused(database.query(FORGETFUL, Tuple.tuple()));
        assertThat(found(everywhere.inTransaction(inside -> inside.query(FORGETFUL, Tuple.tuple()))))
                .contains(ours, theirs);
        isRefused(database.query(FORGETFUL, Tuple.tuple()));
        assertThat(found(database.inTransaction(inside -> everywhere.query(inside, FORGETFUL, Tuple.tuple()))))
                .contains(ours, theirs);
        isRefused(database.query(FORGETFUL, Tuple.tuple()));
    }

    @Test
    void aTransactionIsEverywhereForOneStatementOnly() {
        Everywhere everywhere = database.everywhere();
        assertThat(found(database.inTransaction(
                        ours,
                        inside -> everywhere
                                .query(inside, FORGETFUL, Tuple.tuple())
                                .compose(all -> inside.query(FORGETFUL, Tuple.tuple())))))
                .containsOnly(ours);
        assertThat(found(database.inTransaction(inside -> inside.enter(theirs)
                        .compose(in -> everywhere.query(inside, FORGETFUL, Tuple.tuple()))
                        .compose(all -> inside.query(FORGETFUL, Tuple.tuple())))))
                .containsOnly(theirs);
        isRefused(database.inTransaction(inside -> everywhere
                .query(inside, FORGETFUL, Tuple.tuple())
                .compose(all -> inside.query(FORGETFUL, Tuple.tuple()))));
        assertThatThrownBy(() -> found(database.inTransaction(
                        inside -> everywhere.query(inside, "select 1 / 0 from project", Tuple.tuple()))))
                .hasStackTraceContaining("22012");
        isRefused(database.query(FORGETFUL, Tuple.tuple()));
    }

    @Test
    void aStatementThatFailsSaysWhyAndLeavesNothingBehind() {
        assertThatThrownBy(() -> found(database.query(ours, "select 1 / 0 from project", Tuple.tuple())))
                .hasStackTraceContaining("22012");
        assertThatThrownBy(() -> found(database.query(ours, "select nothing from project", Tuple.tuple())))
                .hasStackTraceContaining("42703");
        isRefused(database.query(FORGETFUL, Tuple.tuple()));
        assertThat(found(database.query(ours, FORGETFUL, Tuple.tuple()))).containsOnly(ours);
    }

    @Test
    void aChangeThroughOneStatementStandsWhenItIsAnswered() {
        String described = "update project set description = $1 where org_id = $2";
        var changed = await(database.query(ours, described, Tuple.of("ours", ours)));
        assertThat(changed.rowCount()).isPositive();
        assertThat(server.database().count("select count(*) from project where description = 'ours'"))
                .isEqualTo(changed.rowCount());
        assertThat(await(database.query(ours, described, Tuple.of("theirs", theirs)))
                        .rowCount())
                .isZero();
    }

    /** All three messages leave at once: the change is committed before the answer to the first has come. */
    @Test
    void theWallCostsNoRoundTrip() {
        String described = "update project set description = $1";
        Map<String, String> values = new HashMap<>(server.database().settings());
        int port = Integer.parseInt(values.get("postgres.port"));
        try (FaultProxy proxy = new FaultProxy(port, 1)) {
            values.put("postgres.port", Integer.toString(proxy.port()));
            values.put("postgres.pool.size", "1");
            values.put("postgres.deadline.millis", "30000");
            Database behind = new Database(server.vertx(), PostgresSettings.from(Config.of(values)), "behind");
            // From here on the connection stands and the statement is prepared.
            int all = await(behind.query(ours, described, Tuple.of("before"))).rowCount();
            AtomicBoolean committed = new AtomicBoolean();
            proxy.trap(FaultProxy.Where.EVERYWHERE, () -> committed.set(isDescribed("at once", all)));
            var changed = await(behind.query(ours, described, Tuple.of("at once")));
            assertThat(changed.rowCount()).isEqualTo(all);
            assertThat(committed).isTrue();
            var _ = await(behind.close());
        }
    }

    /** True when so many projects come to have the description within a few seconds. */
    private boolean isDescribed(String description, int projects) {
        long end = System.nanoTime() + PATIENCE_NANOS;
        boolean done = false;
        while (!done && System.nanoTime() < end) {
            done = server.database().count("select count(*) from project where description = ?", description)
                    == projects;
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return done;
    }

    /** By the policy: the setting is not there (42704), or is empty again (22P02). */
    private static void isRefused(Future<RowSet<Row>> asked) {
        assertThatThrownBy(() -> found(asked)).rootCause().message().containsAnyOf("42704", "22P02");
    }

    private static Set<UUID> found(Future<RowSet<Row>> asked) {
        List<UUID> found = new ArrayList<>();
        await(asked).forEach(row -> found.add(row.getUUID(0)));
        return Set.copyOf(found);
    }
}
