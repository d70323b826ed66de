package com.fyvault.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import com.fyvault.support.Load;
import com.fyvault.support.Starvation;
import com.fyvault.support.TestPostgres;
import com.fyvault.support.TestServer;
import io.vertx.core.json.JsonObject;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/** T21 and T23: PostgreSQL is stopped, or dies. The server answers all the same, loses nothing and comes back by itself. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PostgresStopsIT {
    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final Duration HEALTHY_AGAIN = Duration.ofSeconds(2);
    private static final int SECRETS = 16;
    private static final int POOL_AND_GATES = 8 + 2 + 2; // pool, keys, one gate an event loop

    private TestPostgres postgres;
    private TestServer server;
    private final List<String> ids = new ArrayList<>();

    @BeforeAll
    void start() {
        postgres = TestPostgres.own();
        server = TestServer.start(postgres.create(), Map.of());
        for (int i = 0; i < SECRETS; i++) {
            ids.add(server.createSecret("S" + i, "start"));
        }
    }

    @AfterAll
    void stop() {
        server.close();
        postgres.close();
    }

    @Test
    @Order(1)
    void whileItIsStoppedEveryRequestIsAnsweredInTime() {
        try (Load warm = Load.start(16, 100, this::mixed)) {
            assertThat(warm.finish()).allMatch(sample -> sample.status() == 200);
        }
        long start = System.nanoTime();
        int stopped = postgres.processes().freeze();
        List<Load.Sample> during;
        try (Load load = Load.start(50, Lane.count(5_000, 500), this::mixed)) {
            during = load.finish();
        } finally {
            postgres.processes().thaw();
        }
        Duration back = untilAnswered();
        long limit = LIMIT.toNanos() + Starvation.worstSince(start);
        long hung = during.stream().filter(s -> s.nanos() > limit).count();
        long wrong = during.stream().filter(s -> s.status() != 503).count();
        long connections = connections();
        Figures.print(new Figures.Line(
                "T23",
                "PostgreSQL stopped (" + stopped + " processes)",
                1,
                during.size(),
                hung + wrong,
                Figures.spread(during.stream().mapToLong(Load.Sample::nanos).toArray()) + " back in " + back.toMillis()
                        + "ms connections=" + connections));
        assertThat(wrong).isZero();
        assertThat(hung).isZero();
        assertThat(back).isLessThan(LIMIT);
        assertThat(connections).isLessThanOrEqualTo(POOL_AND_GATES);
    }

    @Test
    @Order(2)
    void aKilledBackendLosesNoAcknowledgedWrite() {
        killed(
                "backend",
                Lane.count(30, 3),
                () -> postgres.processes()
                        .killOne(((Number) server.database()
                                        .query(
                                                "select pid from pg_stat_activity where application_name = 'fyvault' order by random()")
                                        .get(0)
                                        .get("pid"))
                                .longValue()));
    }

    @Test
    @Order(3)
    void aKilledPostmasterLosesNoAcknowledgedWrite() {
        killed("postmaster", Lane.count(20, 2), postgres.processes()::crash);
    }

    private void killed(String what, int crashes, Runnable crash) {
        Map<String, Long> acknowledged = new ConcurrentHashMap<>();
        long worst = 0;
        long whole = 0;
        long start = System.nanoTime();
        TreeMap<Integer, Integer> statuses = new TreeMap<>();
        for (int i = 0; i < crashes; i++) {
            try (Load load = Load.start(8, Integer.MAX_VALUE, n -> write(n, acknowledged))) {
                while (load.samples().size() < 200) {
                    LockSupport.parkNanos(1_000_000);
                }
                long killed = System.nanoTime();
                crashed(crash);
                postgres.awaitReady();
                worst = Math.max(worst, untilAnswered().toMillis());
                whole = Math.max(whole, (System.nanoTime() - killed) / 1_000_000);
                load.stop().forEach(sample -> statuses.merge(sample.status(), 1, Integer::sum));
            }
        }
        long missing = acknowledged.entrySet().stream()
                .filter(entry -> stored(entry.getKey()) < entry.getValue())
                .count();
        long acks = statuses.getOrDefault(200, 0);
        Figures.print(new Figures.Line(
                "T21",
                "PostgreSQL " + what + " killed",
                crashes,
                acks,
                missing,
                "healthy at most " + worst + "ms after PostgreSQL, " + whole + "ms after the kill, statuses="
                        + statuses));
        assertThat(missing).isZero();
        assertThat(statuses.keySet()).isSubsetOf(200, 503);
        assertThat(worst).isLessThan(HEALTHY_AGAIN.toMillis() + Starvation.worstSince(start) / 1_000_000);
    }

    /** Until every connection is broken, the PostgreSQL that answers is the one before the crash. */
    private void crashed(Runnable crash) {
        try (Connection witness = postgres.superuser("postgres")) {
            crash.run();
            while (witness.isValid(1)) {
                LockSupport.parkNanos(1_000_000);
            }
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** Reads, and sometimes lists or writes. */
    private Api.Answer mixed(int n) {
        Api api = server.api();
        return switch (n % 8) {
            case 0 -> api.get("/secrets");
            case 1 -> api.patch("/secrets/" + ids.get(n % SECRETS), new JsonObject().put("value", "v" + n));
            default -> api.get("/secrets/by-name/S" + n % SECRETS + "/value");
        };
    }

    private Api.Answer write(int n, Map<String, Long> acknowledged) {
        String id = ids.get(n % SECRETS);
        Api.Answer answer = server.api().patch("/secrets/" + id, new JsonObject().put("value", "v" + n));
        if (answer.status() == 200) {
            acknowledged.merge(id, answer.data().getLong("version"), Math::max);
        }
        return answer;
    }

    private long stored(String id) {
        return server.database().count("select count(*) from secret_version where secret_id = ?::uuid", id);
    }

    private Duration untilAnswered() {
        long start = System.nanoTime();
        while (server.api().get("/secrets/by-name/S0/value").status() != 200
                || server.api().get("/secrets").status() != 200) {
            LockSupport.parkNanos(5_000_000);
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private long connections() {
        return server.database().count("select count(*) from pg_stat_activity where application_name = 'fyvault'");
    }
}
