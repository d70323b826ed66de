package com.fyvault.limits;

import com.fyvault.support.SimulatedProcess;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The limiter of one node: the server's own classes, with a clock, a link and event loops that belong to the
 * simulation. The link behaves as {@link com.fyvault.platform.redis.RedisLink} says of itself.
 */
final class SimulatedNode extends SimulatedProcess implements Loops, Counters {
    private static final long CALL_TIMEOUT = 50_000;
    private static final Duration CLOSED = Duration.ofMillis(100);
    private static final long SWEEP = 250_000;
    private static final long FAILURES_WITHIN = 1_000_000;
    private static final int MOST_FAILURES = 5;
    private static final long FIRST_PAUSE = 50_000;
    private static final long LONGEST_PAUSE = 500_000;

    private final SimulatedLimiter world;
    /** For each budget its own, as meters are swept in the order of where they lie in memory. */
    private final Map<Budget, Meters> meters = new LinkedHashMap<>();

    private final LeaseSource source;
    private final ArrayDeque<Long> failures = new ArrayDeque<>();
    private final long bootedAt;
    private long wallAhead;
    private boolean up = true;
    private boolean cut;
    private boolean answering;
    private boolean knowsRedisTime;
    private long failedAt = -1;
    private long lastRequestAt;
    private long lastAnswerAt;

    /** @param wallAhead how far its wall clock is ahead of that of Redis */
    SimulatedNode(SimulatedLimiter world, long wallAhead) {
        super(world.time());
        this.world = world;
        this.wallAhead = wallAhead;
        this.bootedAt = time.random().nextLong(1L << 40);
        Clock wall = Clock.fixed(Instant.ofEpochMilli(wallMicros() / 1_000), ZoneOffset.UTC);
        WindowClock clock = new WindowClock(this, wall) {
            @Override
            void adopt(long micros, long atNanos) {
                if (world.has(LimiterSafeguard.TIME_LEARNT_FROM_REDIS)) {
                    super.adopt(micros, atNanos);
                }
            }
        };
        LocalLeases local = new LocalLeases(clock, world::divisor) {
            @Override
            synchronized long granted(Budget budget, Grant grant, List<Untold> told) {
                return world.has(LimiterSafeguard.OUTAGE_PART_LESS_GRANTED)
                        ? super.granted(budget, grant, told)
                        : grant.amount();
            }

            @Override
            synchronized List<Untold> untold(Budget budget) {
                boolean tells = world.has(LimiterSafeguard.TELL_REDIS);
                return super.untold(budget).stream()
                        .map(one -> tells ? one : new Untold(one.window(), 0))
                        .toList();
            }
        };
        this.source = new Watched(new RedisLeases(this, this, local, clock));
        time.in(1 + time.random().nextLong(SWEEP), () -> turn(this::sweep));
    }

    /** Notes what goes through, and leaves out what is switched off. */
    private final class Watched implements LeaseSource {
        private final LeaseSource real;

        Watched(LeaseSource real) {
            this.real = real;
        }

        @Override
        public Future<Grant> lease(Budget budget, long waiting, long wanted) {
            long sent = nanoTime();
            return real.lease(budget, waiting, wanted).map(grant -> {
                long late = world.has(LimiterSafeguard.COUNTED_FROM_SENDING) ? 0 : nanoTime() - sent;
                Grant given = new Grant(
                        grant.amount(),
                        grant.expiresNanos() + late,
                        grant.tightest(),
                        grant.left(),
                        grant.resetNanos(),
                        grant.windows());
                world.ledger().granted(SimulatedNode.this, budget, given, world.parts());
                return given;
            });
        }

        @Override
        public void giveBack(Budget budget, long[] windows, long amount) {
            if (world.has(LimiterSafeguard.GIVE_BACK)) {
                world.ledger().gaveBack(SimulatedNode.this, budget, windows, amount);
                real.giveBack(budget, windows, amount);
            }
        }

        @Override
        public void settle() {
            real.settle();
        }
    }

    /** A request; the lease that it took from, or null when it was refused. */
    void admit(Budget budget, Consumer<@Nullable Lease> then) {
        Meter meter = meters.computeIfAbsent(budget, key -> new Meters(this, source, CLOSED, 100))
                .of(budget);
        @Nullable Charge ready = meter.take();
        if (ready != null) {
            then.accept(ready.lease());
        } else {
            var _ = meter.charge()
                    .onComplete(
                            done -> then.accept(done.succeeded() ? done.result().lease() : null));
        }
    }

    @Override
    public long nanoTime() {
        long set = world.has(LimiterSafeguard.MONOTONIC_CLOCK) ? 0 : wallAhead;
        return (bootedAt + time.now() + set) * 1_000;
    }

    @Override
    public <T> Promise<T> promise() {
        return Promise.promise();
    }

    @Override
    public boolean isUp() {
        if (!up) {
            failed();
        }
        return up;
    }

    @Override
    public Future<long[]> lease(List<String> keys, List<String> arguments) {
        return call(() -> world.redis()
                .lease(
                        world.has(LimiterSafeguard.TIME_OF_REDIS) ? world.redisMicros() : wallMicros(),
                        keys,
                        arguments));
    }

    @Override
    public Future<long[]> giveBack(List<String> keys, List<String> arguments) {
        return call(() -> world.redis().giveBack(keys, arguments));
    }

    boolean isAnswering() {
        return answering;
    }

    /** True when Redis could not be asked in this very turn. */
    boolean hasJustFailed() {
        return failedAt == time.now();
    }

    boolean knowsRedisTime() {
        return knowsRedisTime;
    }

    boolean isCut() {
        return cut;
    }

    /** Cuts it off from Redis, without a word; three PINGs later it notices. */
    void cut(long micros) {
        cut = true;
        time.in(micros, () -> cut = false);
        time.in(
                600_000 + time.random().nextLong(200_000),
                () -> turn(() -> {
                    if (cut) {
                        down();
                    }
                }));
    }

    /** True while it does nothing, or nothing with Redis. */
    boolean isOut() {
        return !up || cut || isPaused();
    }

    void stepWall(long micros) {
        wallAhead += micros;
    }

    void down() {
        if (up) {
            up = false;
            failures.clear();
            retry(FIRST_PAUSE);
        }
    }

    private void retry(long pause) {
        time.in(
                pause,
                () -> turn(() -> {
                    if (world.reaches(this)) {
                        up = true;
                    } else if (!world.isOver()) {
                        retry(Math.min(LONGEST_PAUSE, 2 * pause));
                    }
                }));
    }

    private long wallMicros() {
        return world.redisMicros() + wallAhead;
    }

    private void sweep() {
        meters.values().forEach(Meters::sweep);
        if (!world.isOver()) {
            time.in(SWEEP, () -> turn(this::sweep));
        }
    }

    private void failed() {
        failedAt = time.now();
        world.trouble();
    }

    /** Both ways in order, as on one connection. */
    private Future<long[]> call(Supplier<long[]> script) {
        if (!up) {
            return Future.failedFuture("down");
        }
        Promise<long[]> promise = Promise.promise();
        lastRequestAt = Math.max(lastRequestAt, time.now() + world.delay());
        world.toRedis(this, lastRequestAt, () -> {
            long[] answer = script.get();
            if (!cut) {
                lastAnswerAt = Math.max(lastAnswerAt, time.now() + world.delay());
                time.at(lastAnswerAt, () -> turn(() -> answered(promise, answer)));
            }
        });
        time.in(CALL_TIMEOUT, () -> turn(() -> late(promise)));
        return promise.future();
    }

    private void answered(Promise<long[]> promise, long[] answer) {
        if (up && !promise.future().isComplete()) {
            knowsRedisTime |= answer.length > 1;
            answering = true;
            promise.complete(answer);
            answering = false;
        }
    }

    private void late(Promise<long[]> promise) {
        if (promise.future().isComplete()) {
            return;
        }
        failed();
        failures.add(time.now());
        while (time.now() - failures.getFirst() > FAILURES_WITHIN) {
            failures.removeFirst();
        }
        if (failures.size() >= MOST_FAILURES) {
            down();
        }
        promise.fail("late");
    }
}
