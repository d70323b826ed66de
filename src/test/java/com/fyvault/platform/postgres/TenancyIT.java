package com.fyvault.platform.postgres;

import static com.fyvault.support.TestServer.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fyvault.platform.config.Config;
import com.fyvault.platform.config.PostgresSettings;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Statements that forget to say whose rows they mean, through each of the doors to the database. */
class TenancyIT extends ServerTest {
    /** It names no organization on purpose. */
    private static final String FORGETFUL = "select org_id from project";

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
    void aTransactionFindsRowsOfItsOrganizationOnly() {
        assertThat(found(database.inTransaction(ours, inside -> inside.query(FORGETFUL, Tuple.tuple()))))
                .containsOnly(ours);
    }

    @Test
    void aTransactionThatEntersAnotherLeavesTheOneBefore() {
        Future<RowSet<Row>> entered = database.inTransaction(
                ours, inside -> inside.enter(theirs).compose(in -> inside.query(FORGETFUL, Tuple.tuple())));
        assertThat(found(entered)).containsOnly(theirs);
        assertThat(found(database.query(FORGETFUL, Tuple.tuple()))).isEmpty();
    }

    @Test
    void withoutAnOrganizationNothingIsFound() {
        assertThat(found(database.query(FORGETFUL, Tuple.tuple()))).isEmpty();
        assertThat(found(database.inTransaction(inside -> inside.query(FORGETFUL, Tuple.tuple()))))
                .isEmpty();
    }

    @Test
    void everywhereFindsAllAndLeavesNothingBehind() {
        Everywhere everywhere = database.everywhere();
        assertThat(found(everywhere.query(FORGETFUL, Tuple.tuple()))).contains(ours, theirs);
        assertThat(found(database.query(FORGETFUL, Tuple.tuple()))).isEmpty();
        assertThat(found(everywhere.inTransaction(inside -> inside.query(FORGETFUL, Tuple.tuple()))))
                .contains(ours, theirs);
        assertThat(found(database.query(FORGETFUL, Tuple.tuple()))).isEmpty();
        assertThat(found(database.inTransaction(
                        inside -> everywhere.widen(inside).compose(wide -> inside.query(FORGETFUL, Tuple.tuple())))))
                .contains(ours, theirs);
        assertThat(found(database.query(FORGETFUL, Tuple.tuple()))).isEmpty();
    }

    @Test
    void aStatementThatFailsSaysWhyAndLeavesNothingBehind() {
        assertThatThrownBy(() -> found(database.query(ours, "select 1 / 0 from project", Tuple.tuple())))
                .hasStackTraceContaining("22012");
        assertThatThrownBy(() -> found(database.query(ours, "select nothing from project", Tuple.tuple())))
                .hasStackTraceContaining("42703");
        assertThat(found(database.query(FORGETFUL, Tuple.tuple()))).isEmpty();
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

    private static Set<UUID> found(Future<RowSet<Row>> asked) {
        List<UUID> found = new ArrayList<>();
        await(asked).forEach(row -> found.add(row.getUUID(0)));
        return Set.copyOf(found);
    }
}
