package com.fyvault.proofs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fyvault.support.Api;
import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import com.fyvault.support.Ledger;
import com.fyvault.support.Load;
import com.fyvault.support.SmallDisk;
import com.fyvault.support.Starvation;
import com.fyvault.support.TestPostgres;
import com.fyvault.support.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * T24: PostgreSQL's disk is full. What cannot be recorded is refused with 503, nothing acknowledged
 * is lost, and the node goes on by itself when there is room again.
 *
 * <p>Every other time the write-ahead log is driven to its end as well. PostgreSQL then panics, and
 * without room it cannot recover and ends; as its service manager would, the test starts it again.
 * The node is never started again.
 */
class FullDiskIT {
    private static final int DISK_MEGABYTES = 160;
    private static final int MORE_MEGABYTES = 64;
    private static final int TIMES = 4;
    private static final int CLIENTS = 8;
    private static final int ANSWERS = 400;
    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long PAUSE_NANOS = 20_000_000;

    @TempDir
    private Path directory;

    private final AtomicInteger served = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final Map<Integer, Integer> statuses = new TreeMap<>();
    private long late;
    private long longestBackMillis;
    private int restarts;

    @Test
    void whatCannotBeRecordedIsRefusedAndNothingAcknowledgedIsLost() throws Exception {
        assumeTrue(Lane.isFull(), "T24 fills disks: only with -Pproofs");
        try (SmallDisk disk = mounted()) {
            // PostgreSQL's own log says what happened to it, so it lies where there is room.
            Path log = Files.createFile(directory.resolve("postgres.log"));
            Files.createSymbolicLink(disk.directory().resolve("postgres.log"), log);
            try (TestPostgres postgres = TestPostgres.own(disk.directory());
                    TestServer server = TestServer.start(postgres.create(), Map.of())) {
                // Otherwise the log alone outgrows the disk before anything fills it.
                server.database().execute("alter system set max_wal_size = '48MB'");
                server.database().execute("alter system set min_wal_size = '32MB'");
                server.database().execute("select pg_reload_conf()");
                Ledger ledger = new Ledger(server.api());
                for (int i = 0; i < TIMES; i++) {
                    fillAndRelieve(disk, server, ledger, i % 2 == 1);
                }
                judge(server, ledger, Files.readAllLines(log));
            }
        }
    }

    private SmallDisk mounted() {
        try {
            return SmallDisk.mount(directory.resolve("disk"), DISK_MEGABYTES);
        } catch (IOException refusal) {
            String why = "T24 skipped, no tmpfs can be mounted here: " + refusal.getMessage();
            System.out.println(why);
            return abort(why);
        }
    }

    private void fillAndRelieve(SmallDisk disk, TestServer server, Ledger ledger, boolean log) {
        TestPostgres postgres = server.database().server();
        long start = System.nanoTime();
        try (Load load = Load.start(CLIENTS, Integer.MAX_VALUE, n -> counted(ledger.request(server.api(), n)))) {
            await(more(served), () -> {});
            BooleanSupplier refusedEnough = more(refused);
            if (log) {
                disk.fill();
                endTheLog(postgres, disk);
            }
            await(refusedEnough, disk::fill);

            disk.grow(MORE_MEGABYTES);
            await(postgres::isReady, () -> startIfEnded(postgres));
            long room = System.nanoTime();
            await(() -> answers(server.api()), () -> {});
            longestBackMillis = Math.max(longestBackMillis, (System.nanoTime() - room) / 1_000_000);
            await(more(served), () -> {});
            tally(load.stop(), LIMIT.toNanos() + Starvation.worstSince(start));
        }
        ledger.settle(server.api());
    }

    private Api.Answer counted(Api.Answer answer) {
        if (answer.status() == 200) {
            served.incrementAndGet();
        } else {
            refused.incrementAndGet();
            LockSupport.parkNanos(PAUSE_NANOS); // as Retry-After asks, only sooner
        }
        return answer;
    }

    private static BooleanSupplier more(AtomicInteger count) {
        int enough = count.get() + ANSWERS;
        return () -> count.get() >= enough;
    }

    /** Does something again and again until it is so. */
    private static void await(BooleanSupplier so, Runnable meanwhile) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!so.getAsBoolean()) {
            assertThat(System.nanoTime()).as("patience").isLessThan(end);
            meanwhile.run();
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** Writes to the log and to nothing else, until PostgreSQL asks for a new file of it and gets none. */
    private static void endTheLog(TestPostgres postgres, SmallDisk disk) {
        try (Connection connection = postgres.superuser("postgres");
                Statement statement = connection.createStatement()) {
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (System.nanoTime() < end) {
                disk.fill();
                statement.execute("select pg_logical_emit_message(true, 'proof', repeat('x', 1000000))");
            }
        } catch (SQLException panic) {
            return;
        }
        throw new AssertionError("the log never ended");
    }

    private void startIfEnded(TestPostgres postgres) {
        if (!postgres.processes().isRunning()) {
            restarts++;
            postgres.processes().start();
        }
    }

    private static boolean answers(Api api) {
        return api.get("/secrets/by-name/K0/value").status() == 200
                && api.get("/secrets").status() == 200;
    }

    private void tally(List<Load.Sample> samples, long limit) {
        for (Load.Sample sample : samples) {
            statuses.merge(sample.status(), 1, Integer::sum);
            late += sample.nanos() > limit ? 1 : 0;
        }
    }

    private void judge(TestServer server, Ledger ledger, List<String> log) throws SQLException {
        try (Connection superuser = server.database().superuser()) {
            Ledger.Verdict verdict = ledger.judge(server.api(), superuser);
            long noRoom = count(log, SmallDisk.FULL);
            long panics = count(log, "PANIC:");
            long wrong = statuses.entrySet().stream()
                    .filter(entry -> entry.getKey() != 200 && entry.getKey() != 503)
                    .mapToLong(Map.Entry::getValue)
                    .sum();
            Figures.print(new Figures.Line(
                    "T24",
                    "PostgreSQL's disk full",
                    TIMES,
                    statuses.values().stream().mapToInt(Integer::intValue).sum(),
                    verdict.violations() + wrong + late,
                    verdict + " statuses=" + statuses + " late=" + late + " back at most " + longestBackMillis
                            + "ms after PostgreSQL; its log: no space=" + noRoom + " panics=" + panics
                            + " started again=" + restarts));
            assertThat(verdict.violations()).as(verdict.toString()).isZero();
            assertThat(wrong).as("neither 200 nor 503: " + statuses).isZero();
            assertThat(late).isZero();
            assertThat(noRoom).as("the disk was full").isPositive();
            assertThat(panics).as("the log ended").isPositive();
            assertThat(longestBackMillis).isLessThan(LIMIT.toMillis());
        }
    }

    private static long count(List<String> lines, String text) {
        return lines.stream().filter(line -> line.contains(text)).count();
    }
}
