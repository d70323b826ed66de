package com.fyvault.proofs.history;

import com.fyvault.support.FaultProxy;
import com.fyvault.support.FaultProxy.Where;
import com.fyvault.support.Lane;
import com.fyvault.support.PostgresProcesses;
import com.fyvault.support.StallProxy;
import io.vertx.redis.client.Command;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Does to a cluster what happens to clusters, until it is told to stop: one hand breaks a node or its ways,
 * the other a store that all share, so that two faults may meet. Which, where and for how long comes from a
 * seed. The log holds what was really done: a proxy's fault counts when it met bytes.
 */
final class Nemesis implements AutoCloseable {
    private static final Where NEWS = new Where("fyvault_cut");
    private static final Where CHANGES = new Where("COMMIT");
    private static final Where NOWHERE = new Where("\0");
    private static final long SHORTEST_MILLIS = 50;

    enum Fault {
        NODE_PAUSED,
        NODE_KILLED,
        STORE_CUT,
        STORE_HELD,
        STORE_SLOW,
        STORE_SLICED,
        STORE_RESET,
        CHANGES_RESET,
        NEWS_HELD,
        NEWS_RESET,
        CLIENTS_RESET,
        POSTGRES_KILLED,
        POSTGRES_STOPPED,
        BACKEND_KILLED,
        SESSIONS_ENDED,
        REDIS_SWALLOWED,
        REDIS_SLOW,
        REDIS_RESET,
        REDIS_FLUSHED,
        REDIS_KILLED;

        boolean isShared() {
            return compareTo(POSTGRES_KILLED) >= 0;
        }
    }

    private final Cluster cluster;
    private final Map<Fault, Integer> log = new EnumMap<>(Fault.class);
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final List<Thread> hands = new ArrayList<>();
    private volatile boolean over;

    Nemesis(Cluster cluster, long seed) {
        this.cluster = cluster;
        for (boolean shared : new boolean[] {false, true}) {
            SplittableRandom random = new SplittableRandom(seed + (shared ? 1 : 0));
            hands.add(Thread.ofPlatform().daemon().name("nemesis").start(() -> run(random, shared)));
        }
    }

    /** How often each fault was done. */
    synchronized Map<Fault, Integer> log() {
        return new EnumMap<>(log);
    }

    /** Ends what is under way. Fails when a fault could not be done or undone. */
    @Override
    public void close() {
        over = true;
        hands.forEach(Cluster::join);
        if (!failures.isEmpty()) {
            throw new IllegalStateException("a fault went wrong", failures.peek());
        }
    }

    private void run(SplittableRandom random, boolean shared) {
        List<Fault> deck = new ArrayList<>();
        try {
            while (!over) {
                if (deck.isEmpty()) {
                    deck.addAll(Arrays.stream(Fault.values())
                            .filter(fault -> fault.isShared() == shared)
                            .toList());
                    Collections.shuffle(deck, new java.util.Random(random.nextLong()));
                }
                Fault fault = deck.remove(deck.size() - 1);
                if (shared ? breakStore(fault, random) : breakNode(fault, random)) {
                    note(fault);
                }
                // A PostgreSQL that was killed takes a second to come back: what all share is left alone longer.
                rest(random, (shared ? 4L : 1L) * (Lane.isFull() ? 1_500 : 600));
            }
        } catch (RuntimeException failure) {
            failures.add(failure);
        }
    }

    private synchronized void note(Fault fault) {
        log.merge(fault, 1, Integer::sum);
    }

    /** True when it was really done. */
    private boolean breakNode(Fault fault, SplittableRandom random) {
        ClusterNode node = cluster.nodes().get(random.nextInt(cluster.nodes().size()));
        FaultProxy store = node.store();
        return switch (fault) {
            case NODE_PAUSED -> during(random, node::pause, node::resume);
            case NODE_KILLED -> during(random, node::kill, () -> node.start(cluster.server()::processNode));
            case STORE_CUT -> store(store, FaultProxy.Fault.HALF_OPEN, Where.EVERYWHERE, random);
            case STORE_HELD -> store(store, FaultProxy.Fault.HOLD, Where.EVERYWHERE, random);
            case STORE_SLOW -> store(store, FaultProxy.Fault.LATENCY, Where.EVERYWHERE, random);
            case STORE_SLICED -> store(store, FaultProxy.Fault.SLICE, Where.EVERYWHERE, random);
            case STORE_RESET -> store(store, FaultProxy.Fault.RESET, Where.EVERYWHERE, random);
            case CHANGES_RESET -> resetBeforeAnAnswer(store, random);
            case NEWS_HELD -> store(store, FaultProxy.Fault.HOLD, NEWS, random);
            case NEWS_RESET -> store(store, FaultProxy.Fault.RESET, NEWS, random);
            case CLIENTS_RESET -> during(random, node::dropClients, node::dropClients);
            default -> throw new IllegalStateException(fault + " is of a store");
        };
    }

    private boolean breakStore(Fault fault, SplittableRandom random) {
        PostgresProcesses postgres = cluster.postgres().processes();
        return switch (fault) {
            case POSTGRES_KILLED -> during(random, postgres::crash, cluster.postgres()::awaitReady);
            case POSTGRES_STOPPED -> during(random, () -> stopAll(postgres), postgres::thaw);
            case BACKEND_KILLED -> during(random, () -> killBackend(random), cluster.postgres()::awaitReady);
            case SESSIONS_ENDED -> during(random, this::endSessions, () -> {});
            case REDIS_SWALLOWED -> redis(StallProxy.Fault.SWALLOW, random);
            case REDIS_SLOW -> redis(StallProxy.Fault.DELAY, random);
            case REDIS_RESET -> redis(StallProxy.Fault.RESET, random);
            case REDIS_FLUSHED -> during(random, this::flush, () -> {});
            case REDIS_KILLED -> during(random, cluster.redis()::close, cluster.redis()::start);
            default -> throw new IllegalStateException(fault + " is of a node");
        };
    }

    private static boolean store(FaultProxy proxy, FaultProxy.Fault fault, Where where, SplittableRandom random) {
        return met(() -> proxy.done(fault), () -> during(random, () -> proxy.set(fault, where), proxy::heal));
    }

    /** Cuts the connections of changes just when PostgreSQL answers one of them, now and then its COMMIT. */
    private static boolean resetBeforeAnAnswer(FaultProxy proxy, SplittableRandom random) {
        return met(() -> proxy.done(FaultProxy.Fault.RESET), () -> {
            proxy.trap(CHANGES, () -> proxy.set(FaultProxy.Fault.RESET, CHANGES));
            return during(random, () -> {}, () -> {
                proxy.trap(NOWHERE, () -> {});
                proxy.heal();
            });
        });
    }

    private boolean redis(StallProxy.Fault fault, SplittableRandom random) {
        StallProxy proxy =
                cluster.nodes().get(random.nextInt(cluster.nodes().size())).redis();
        return met(proxy::harmed, () -> during(random, () -> proxy.set(fault), () -> proxy.set(StallProxy.Fault.NONE)))
                || fault == StallProxy.Fault.RESET;
    }

    private interface Attempt {
        boolean happened();
    }

    private static boolean met(LongSupplier counter, Attempt attempt) {
        long before = counter.getAsLong();
        return attempt.happened() && counter.getAsLong() > before;
    }

    private static boolean during(SplittableRandom random, Runnable begin, Runnable end) {
        begin.run();
        try {
            rest(random, Lane.isFull() ? 2_000 : 400);
        } finally {
            end.run();
        }
        return true;
    }

    private static void rest(SplittableRandom random, long mostMillis) {
        long until = System.nanoTime()
                + TimeUnit.MILLISECONDS.toNanos(SHORTEST_MILLIS + random.nextLong(mostMillis - SHORTEST_MILLIS));
        for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private static void stopAll(PostgresProcesses postgres) {
        var _ = postgres.freeze();
    }

    private void killBackend(SplittableRandom random) {
        List<Map<String, Object>> backends = cluster.server()
                .database()
                .query("select pid from pg_stat_activity where application_name = 'fyvault' order by pid");
        if (!backends.isEmpty()) {
            String pid =
                    String.valueOf(backends.get(random.nextInt(backends.size())).get("pid"));
            cluster.postgres().processes().killOne(Long.parseLong(pid));
        }
    }

    /** As an administrator ends them: they say so before they go. */
    private void endSessions() {
        var _ = cluster.server()
                .database()
                .query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'fyvault'");
    }

    private void flush() {
        cluster.redis().command(cluster.server().vertx(), Command.FLUSHALL);
    }
}
