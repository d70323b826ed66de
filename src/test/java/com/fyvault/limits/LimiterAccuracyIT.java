package com.fyvault.limits;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.platform.redis.RedisLink;
import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import com.fyvault.support.StallProxy;
import com.fyvault.support.TestRedis;
import com.fyvault.support.TestServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * T18: three nodes, one of them with its wall clock 90 s behind, send 30,000 requests against 1,000 a window, all of them
 * between its borders by the clock of Redis. What is admitted is counted here, not by the limiter.
 */
class LimiterAccuracyIT {
    private static final int NODES = 3;
    private static final int CAPACITY = 1_000;
    private static final int REQUESTS = 30_000;
    private static final int AT_ONCE = 60;
    private static final int TRIES = 6;
    private static final long SWEEP = 250;
    private static final long WINDOW = Lane.isFull() ? 10_000 : 3_000;

    private final TestRedis redis = TestRedis.own();
    private final Vertx vertx = Vertx.vertx();
    private final Map<String, String> settings = redis.settings();
    private final List<Node> nodes = new ArrayList<>();
    private final AtomicInteger keys = new AtomicInteger();

    /** The limiter of one node. */
    private final class Node {
        private final RedisLink link;
        private final Meters meters;

        Node(Clock wall, int redisPort) {
            link = new RedisLink(vertx, TestRedis.parsed(settings, redisPort));
            Loops loops = Loops.of(vertx);
            WindowClock clock = new WindowClock(loops, wall);
            LocalLeases local = new LocalLeases(clock, () -> NODES);
            LeaseSource source = new RedisLeases(loops, new RedisCounters(link), local, clock);
            meters = new Meters(loops, source, Duration.ofMillis(100), 100);
            TestServer.await(link.start());
            long _ = vertx.setPeriodic(SWEEP, tick -> meters.sweep());
        }

        Future<Charge> admit(Budget budget) {
            @Nullable Charge ready = meters.of(budget).take();
            return ready != null
                    ? Future.succeededFuture(ready)
                    : meters.of(budget).charge();
        }
    }

    /** A window that has just begun. */
    private final class Window {
        private final long ends;
        private int admitted;

        Window() {
            long now = redisMillis();
            ends = (now / WINDOW + 1) * WINDOW + WINDOW;
            park(ends - WINDOW - now + 20);
        }

        /** Sends the requests from these nodes in turn; how many were admitted. */
        int send(Budget budget, int requests, List<Node> from) {
            int before = admitted;
            for (int sent = 0; sent < requests; sent += AT_ONCE) {
                List<Future<Charge>> answers = new ArrayList<>(AT_ONCE);
                for (int i = 0; i < AT_ONCE; i++) {
                    answers.add(from.get(i % from.size()).admit(budget));
                }
                var _ = TestServer.await(Future.join(answers).otherwiseEmpty());
                admitted += (int) answers.stream().filter(Future::succeeded).count();
            }
            return admitted - before;
        }
    }

    @BeforeEach
    void start() {
        nodes.add(new Node(Clock.systemUTC(), redis.port()));
        nodes.add(new Node(Clock.systemUTC(), redis.port()));
        nodes.add(new Node(Clock.offset(Clock.systemUTC(), Duration.ofSeconds(-90)), redis.port()));
    }

    @AfterEach
    void stop() {
        nodes.forEach(node -> TestServer.await(node.link.close()));
        TestServer.await(vertx.close());
        redis.close();
    }

    @Test
    void admitsExactlyTheCapacityInEveryWindow() {
        Budget budget = budget();
        List<Integer> admitted = new ArrayList<>();
        int windows = Lane.count(10, 3);
        for (int i = 0, tries = 0; i < windows && tries < windows + TRIES; tries++) {
            Window window = new Window();
            int found = window.send(budget, REQUESTS, nodes);
            if (redisMillis() < window.ends) {
                admitted.add(found);
                i++;
            }
        }
        print("3 nodes, 30,000 requests against 1,000", 0, admitted, CAPACITY);
        assertThat(admitted).hasSize(windows).containsOnly(CAPACITY);
    }

    @Test
    void severalWindowsHoldAtOnce() {
        String key = "{t}:m" + keys.incrementAndGet();
        Budget budget = new Budget(List.of(
                new Rule(key + ":s", "credential-window", 100, WINDOW),
                new Rule(key + ":d", "credential-day", 250, 86_400_000)));
        List<Integer> admitted = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            admitted.add(new Window().send(budget, 1_200, nodes));
        }
        print("100 a window and 250 a day", 0, admitted, 100);
        assertThat(admitted.stream().mapToInt(Integer::intValue).sum()).isEqualTo(250);
        assertThat(admitted).allMatch(one -> one <= 100);
    }

    @Test
    void theWindowInWhichRedisDiesAdmitsLittleMoreAndLaterOnesTheLimit() {
        Budget budget = budget();
        Window dying = new Window();
        // The worst case: one node was granted everything before.
        int before = dying.send(budget, 1_500, nodes.subList(0, 1));
        redis.close();
        int after = dying.send(budget, REQUESTS, nodes);
        boolean inside = System.currentTimeMillis() < dying.ends;
        Window later = new Window();
        int local = later.send(budget, REQUESTS, nodes);
        print("the window in which Redis dies", 1, List.of(before + after), 1_667 + NODES);
        print("a window without Redis", 1, List.of(local), CAPACITY + NODES);
        assertThat(inside).isTrue();
        assertThat(before).isEqualTo(CAPACITY);
        assertThat(before + after).isBetween(CAPACITY, 1_667 + NODES);
        assertThat(local).isBetween(CAPACITY, CAPACITY + NODES);

        redis.start();
        await(() -> nodes.stream().allMatch(node -> node.link.isUp()));
        assertThat(new Window().send(budget, REQUESTS, nodes)).isEqualTo(CAPACITY);
    }

    @Test
    void aFlushLetsOneMoreBucketThroughOnce() {
        Budget budget = budget();
        Window window = new Window();
        int before = window.send(budget, 6_000, nodes);
        redis.command(vertx, Command.FLUSHALL);
        redis.command(vertx, Command.SCRIPT, "FLUSH");
        park(150);
        int after = window.send(budget, 6_000, nodes);
        boolean inside = redisMillis() < window.ends;
        int next = new Window().send(budget, 6_000, nodes);
        print("FLUSHALL and SCRIPT FLUSH in a window", 1, List.of(before + after), 2 * CAPACITY);
        assertThat(inside).isTrue();
        assertThat(before + after).isBetween(CAPACITY + 1, 2 * CAPACITY);
        assertThat(next).isEqualTo(CAPACITY);
    }

    @Test
    void aNodeThatWasCutOffTellsRedisWhatItAdmitted() {
        try (StallProxy proxy = new StallProxy(redis.port())) {
            Node node = new Node(Clock.systemUTC(), proxy.port());
            nodes.add(node);
            Budget budget = budget();
            Window window = new Window();
            proxy.set(StallProxy.Fault.SWALLOW);
            await(() -> !node.link.isUp());
            int cut = window.send(budget, 600, List.of(node));
            proxy.set(StallProxy.Fault.NONE);
            await(() -> node.link.isUp());
            park(2 * SWEEP);
            int rest = window.send(budget, 6_000, nodes);
            boolean inside = redisMillis() < window.ends;
            print("a node cut off from Redis and back", 1, List.of(cut + rest), CAPACITY);
            assertThat(inside).isTrue();
            assertThat(cut).isEqualTo(334);
            assertThat(cut + rest).isEqualTo(CAPACITY);
        }
    }

    private Budget budget() {
        return new Budget(List.of(
                new Rule("{t}:k" + keys.incrementAndGet() + ":" + WINDOW, "credential-window", CAPACITY, WINDOW)));
    }

    private static void await(BooleanSupplier condition) {
        for (int i = 0; i < 500 && !condition.getAsBoolean(); i++) {
            park(10);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    private long redisMillis() {
        try {
            var time = redis.command(vertx, Command.TIME);
            return time == null
                    ? 0
                    : Long.parseLong(time.get(0).toString()) * 1_000
                            + Long.parseLong(time.get(1).toString()) / 1_000;
        } catch (IllegalStateException away) {
            // On one machine Redis reads the clock that we read.
            return System.currentTimeMillis();
        }
    }

    private static void park(long millis) {
        long until = System.nanoTime() + millis * 1_000_000;
        while (System.nanoTime() - until < 0) {
            LockSupport.parkNanos(until - System.nanoTime());
        }
    }

    private static void print(String name, int faults, List<Integer> admitted, int most) {
        long over = admitted.stream().filter(one -> one > most).count();
        Figures.print(
                new Figures.Line("T18", name, faults, REQUESTS, over, "admitted " + admitted + " of at most " + most));
    }
}
