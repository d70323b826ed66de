package com.fyvault.members;

import static com.fyvault.support.Answers.isRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.audit.AuditAction;
import com.fyvault.audit.AuditOutcome;
import com.fyvault.bootstrap.Bootstrap;
import com.fyvault.support.Api;
import com.fyvault.support.Bodies;
import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import com.fyvault.support.TestDatabase;
import com.fyvault.support.TestPostgres;
import com.fyvault.support.TestServer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The overview of an organization whose day is far longer than what is looked at, asked for by many at once. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OverviewLoadIT {
    private static final int RECORDS = Lane.count(600_000, 250_000);
    private static final int AT_ONCE = 16;
    private static final int ROUNDS = 4;
    private static final long MOST_MILLIS = 1_000;

    /** Released reads of today, a batch a millisecond back from now, in batches of so many. */
    private static final String PLANT = """
            insert into audit_event (org_id, first_id, last_id, at, event_ids, actors, actor_base, credential_ids,
                                     addresses, places, place_base, environment_ids, secret_ids, versions, actions,
                                     outcomes)
            select ?, ids[1], ids[cardinality(ids)], now(), ids, ones, 0, array[gen_random_uuid()],
                   array['\\x7f000001'::bytea], ones, 0, array[gen_random_uuid()],
                   array(select gen_random_uuid() from unnest(ids)), array_fill(1::bigint, array[cardinality(ids)]),
                   ones, ones
              from (select array(select (lpad(to_hex(greatest(day, now - b)), 12, '0') || '70008000'
                                         || lpad(to_hex((many - b) * 256 + n), 12, '0'))::uuid
                                   from generate_series(0, each - 1) n) as ids,
                           array_fill(1::smallint, array[each]) as ones, b
                      from (select (extract(epoch from now()) * 1000)::bigint as now,
                                   (extract(epoch from date_trunc('day', now() at time zone 'UTC') at time zone 'UTC')
                                    * 1000)::bigint as day,
                                   ?::bigint as many, ?::integer as each) t,
                           generate_series(many, 1, -1) b) batch
            """;

    private TestServer server;

    private record Org(UUID id, UUID projectId, Api api) {}

    /** A statement that gathers more than fits into its memory, to sort it, is refused: none of these may need to. */
    @BeforeAll
    void startServer() {
        TestDatabase database = TestPostgres.shared().create();
        database.execute("alter database " + database.name() + " set temp_file_limit = 0");
        server = TestServer.start(database, Map.of());
    }

    @AfterAll
    void stopServer() {
        server.close();
    }

    private Org org(String name) {
        Bootstrap.Made made = TestServer.await(server.app().bootstrap().make(name, name + "@example.com"));
        return new Org(
                made.orgId(),
                made.projectId(),
                server.api(made.key().exposeText()).in(made.orgId().toString()));
    }

    private void plant(Org org, int many, int each) {
        server.database().execute(PLANT, org.id(), many, each);
    }

    private static CompletableFuture<Api.Answer> ask(Api api) {
        return api.sendLater("GET", "/overview", null);
    }

    /** All of these answers were 200 and told of so many reads, but for the few that the test itself has made. */
    private static void areAnswered(List<CompletableFuture<Api.Answer>> asked, int most) {
        for (CompletableFuture<Api.Answer> one : asked) {
            Api.Answer answer = one.join();
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            assertThat(answer.data().getLong("readsToday")).isBetween(most - 2_000L, (long) most);
            assertThat(answer.data().getBoolean("complete")).isFalse();
        }
    }

    /** Asks in rounds of so many at once; how long each call took. */
    private static long[] asked(Org org, int atOnce, int most) {
        List<Long> took = Collections.synchronizedList(new ArrayList<>());
        for (int round = 0; round < ROUNDS; round++) {
            List<CompletableFuture<Api.Answer>> asked = new ArrayList<>();
            for (int i = 0; i < atOnce; i++) {
                long began = System.nanoTime();
                asked.add(ask(org.api()).whenComplete((answer, failure) -> took.add(System.nanoTime() - began)));
            }
            areAnswered(asked, most);
        }
        return took.stream().mapToLong(Long::longValue).toArray();
    }

    private static void isQuick(Org org, int most, String name) {
        // What has never been asked for is not in memory, and neither is the plan.
        areAnswered(List.of(ask(org.api())), most);
        long[] alone = asked(org, 1, most);
        long[] took = asked(org, AT_ONCE, most);
        Figures.print(new Figures.Line(
                "members",
                "overview, " + name,
                0,
                took.length,
                0,
                "alone " + Figures.spread(alone) + "; " + AT_ONCE + " at once " + Figures.spread(took)));
        // In lane F other builds run beside this.
        if (Lane.isFull()) {
            assertThat(TimeUnit.NANOSECONDS.toMillis(Figures.percentile(took, 1)))
                    .isLessThan(MOST_MILLIS);
        }
    }

    /** The slowest is that of both bounds at once. */
    static IntStream sizes() {
        return Lane.isFull() ? IntStream.of(1, 5, 30, 256) : IntStream.of(5);
    }

    /** Nothing has told PostgreSQL how the day has grown: it believes that there are few rows, and would sort them all. */
    @ParameterizedTest
    @MethodSource("sizes")
    void aLongDayIsAnsweredHoweverManyAskAtOnce(int each) {
        Org large = org("large" + each);
        plant(large, RECORDS / each, each);
        int most = Math.min(OverviewStore.MOST_RECORDS, OverviewStore.MOST_BATCHES * each);
        if (Lane.isFull() && each == 5) {
            fill(large);
        }
        isQuick(large, most, RECORDS + " records, " + each + " in a batch");
    }

    /** As many keys and secrets as are counted, besides. */
    private void fill(Org org) {
        server.database()
                .execute(
                        "insert into credential (org_id, credential_id, token_hash, kind, label, last4, scopes, created_by,"
                                + " changed_epoch, seal) select ?, gen_random_uuid(), sha256(('l' || n)::bytea),"
                                + " 'API_KEY', 'many', 'last', '{}', 'system', 1, '' from generate_series(1, ?) n",
                        org.id(),
                        OverviewStore.MOST_KEYS);
        server.database()
                .execute(
                        "insert into secret (org_id, secret_id, project_id, name, name_key, secret_type, encryption_mode,"
                                + " created_by) select ?, gen_random_uuid(), ?, 'S' || n, 's' || n, 'GENERIC', 'server',"
                                + " 'system' from generate_series(1, ?) n",
                        org.id(),
                        org.projectId(),
                        OverviewStore.MOST_SECRETS);
    }

    /** Those who ask at once share a count: of their own organization, if they may see it, and each with a record. */
    @Test
    void whoAsksAtOnceIsJudgedAndRecordedAlone() {
        Org first = org("first");
        Org second = org("second");
        String token = server.key(
                        first.id(), new JsonObject().put("label", "part").put("projects", Bodies.texts("default")))
                .getString("key");
        Api part = first.api().as(token);
        plant(first, 3, 1);
        plant(second, 5, 1);
        List<CompletableFuture<Api.Answer>> ours = new ArrayList<>();
        List<CompletableFuture<Api.Answer>> theirs = new ArrayList<>();
        List<CompletableFuture<Api.Answer>> refused = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            ours.add(ask(first.api()));
            theirs.add(ask(second.api()));
            refused.add(ask(part));
        }
        assertThat(ours)
                .allSatisfy(one ->
                        assertThat(one.join().data().getLong("readsToday")).isEqualTo(3));
        assertThat(theirs)
                .allSatisfy(one ->
                        assertThat(one.join().data().getLong("readsToday")).isEqualTo(5));
        refused.forEach(one -> isRefused(one.join(), 403, "SCOPE_MISSING"));
        assertThat(recorded(first, AuditOutcome.DONE)).isEqualTo(AT_ONCE);
        assertThat(recorded(second, AuditOutcome.DONE)).isEqualTo(AT_ONCE);
        assertThat(recorded(first, AuditOutcome.REFUSED)).isEqualTo(AT_ONCE);
    }

    private long recorded(Org org, AuditOutcome outcome) {
        return server.database()
                .count(
                        "select count(*) from audit_trail where org_id = ? and action = ? and outcome = ?",
                        org.id(),
                        (int) AuditAction.OVERVIEW_VIEW.code(),
                        (int) outcome.code());
    }
}
