package com.fyvault.trail;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.audit.AuditAction;
import com.fyvault.support.Api;
import com.fyvault.support.ServerTest;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What reading the trail may cost: a bounded walk a request, and few requests at once. */
class TrailBoundsIT extends ServerTest {
    private static final int WALK = 100;
    private static final int RECORDS = 1_000;
    private static final long WAIT_NANOS = 1_000_000_000L;

    @Override
    protected Map<String, String> settings() {
        return Map.of("trail.scan.rows", Integer.toString(WALK), "trail.reads", "1");
    }

    @BeforeAll
    void prepare() {
        server.createSecret("API_KEY", "s3cret");
        // Older than anything that the test does itself, and the rare one is the oldest.
        server.database()
                .execute(
                        """
                with record as (
                    select (lpad(to_hex((extract(epoch from now()) * 1000)::bigint - 1000 - n), 12, '0') || '70008000'
                            || lpad(to_hex(n), 12, '0'))::uuid as id,
                           n, (case when n = ? then ? else ? end)::smallint as action
                      from generate_series(1, ?) n
                )
                insert into audit_event (org_id, first_id, last_id, at, event_ids, actors, actor_base, credential_ids,
                                         addresses, places, place_base, environment_ids, secret_ids, versions, actions,
                                         outcomes)
                select ?, (array_agg(id order by id))[1], (array_agg(id order by id desc))[1],
                       now() - make_interval(secs => 1 + min(n) / 1000.0), array_agg(id), array_agg(1), 0, '{null}',
                       '{null}', array_agg(1), 0, '{null}', array_agg(null::uuid), array_agg(0), array_agg(action),
                       array_agg(1)
                  from record
                 -- Stored rows of 1 to 40 records that reach into one another.
                 group by case when n % 7 = 0 then -n else n / 40 end
                """,
                        RECORDS,
                        AuditAction.SECRET_ROLLBACK.code(),
                        AuditAction.SECRET_LIST.code(),
                        RECORDS,
                        server.orgId());
    }

    @Test
    void aFilterThatMatchesLittleWalksNoFartherThanAPageMay() {
        Api.Answer first = server.api().get("/audit?action=secret.rollback");
        assertThat(first.list()).isEmpty();
        assertThat(first.header("x-next-cursor")).isNotEmpty();
        List<JsonObject> found = new ArrayList<>();
        int pages = walk("?action=secret.rollback", found);
        assertThat(found).hasSize(1);
        assertThat(pages).isBetween(RECORDS / WALK, RECORDS / WALK + 2);
    }

    @Test
    void everyRecordIsSeenOnceOnTheWay() {
        List<JsonObject> found = new ArrayList<>();
        int pages = walk("?action=secret.list", found);
        assertThat(found).hasSize(RECORDS - 1);
        assertThat(new HashSet<>(found)).hasSize(RECORDS - 1);
        assertThat(pages).isGreaterThanOrEqualTo(RECORDS / WALK);
    }

    @Test
    void withoutAFilterAPageIsFullAsEver() {
        assertThat(server.api().get("/audit?limit=500").list()).hasSize(500);
    }

    @Test
    void oneReadTooManyIsRefusedAtOnceAndOthersAreNotHeldUp() throws SQLException {
        Api api = server.api();
        CompletableFuture<Api.Answer> held;
        try (Connection holder = server.database().superuser();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            // Held by the join of the trail only: neither the token nor the cached value looks here.
            assertThat(api.value("API_KEY")).isEqualTo("s3cret");
            statement.execute("lock table account, membership, secret in access exclusive mode");
            held = api.sendLater("GET", "/audit", null);
            awaitWaiting();
            Api.Answer refused = api.get("/audit");
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.code()).isEqualTo("OVERLOADED");
            assertThat(refused.header("retry-after")).isNotEmpty();
            assertThat(api.value("API_KEY")).isEqualTo("s3cret");
            holder.rollback();
        }
        assertThat(held.join().status()).isEqualTo(200);
        assertThat(api.get("/audit").status()).isEqualTo(200);
    }

    private void awaitWaiting() {
        long end = System.nanoTime() + WAIT_NANOS;
        while (server.database()
                        .count("select count(*) from pg_locks where not granted and relation = 'secret'::regclass")
                == 0) {
            assertThat(System.nanoTime()).as("no read waits").isLessThan(end);
            LockSupport.parkNanos(5_000_000);
        }
    }

    /** Goes on until there is no cursor; how many pages it took. */
    private int walk(String query, List<JsonObject> found) {
        int pages = 0;
        String cursor = "";
        do {
            Api.Answer page = server.api().get("/audit" + query + "&limit=" + WALK + cursor);
            assertThat(page.status()).as(page.text()).isEqualTo(200);
            page.list().forEach(event -> found.add((JsonObject) event));
            cursor = page.header("x-next-cursor").isEmpty() ? "" : "&cursor=" + page.header("x-next-cursor");
            pages++;
        } while (!cursor.isEmpty());
        return pages;
    }
}
