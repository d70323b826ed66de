package com.fyvault.support;

import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.LockSupport;

/**
 * How late this machine lets a thread run that has nothing to do but wake. A limit in milliseconds
 * is the server's to keep; what the machine was late by meanwhile is not its fault.
 */
public final class Starvation {
    private static final long TICK_NANOS = 5_000_000;
    private static final long WORTH_NOTING_NANOS = 5_000_000;
    private static final int MOST = 100_000;
    private static final ConcurrentSkipListMap<Long, Long> LATE = new ConcurrentSkipListMap<>();

    static {
        Thread.ofPlatform().daemon().name("starvation-watch").start(Starvation::watch);
    }

    private Starvation() {}

    /** The longest that a waking thread was kept waiting since a moment of the monotonic clock, nanoseconds. */
    public static long worstSince(long nanoTime) {
        return LATE.tailMap(nanoTime).values().stream()
                .mapToLong(Long::longValue)
                .max()
                .orElse(0);
    }

    /** The same between two moments, each included. */
    static long worstBetween(long from, long to) {
        return LATE.subMap(from, true, to, true).values().stream()
                .mapToLong(Long::longValue)
                .max()
                .orElse(0);
    }

    @SuppressWarnings("InfiniteLoopStatement")
    private static void watch() {
        long before = System.nanoTime();
        while (true) {
            LockSupport.parkNanos(TICK_NANOS);
            long now = System.nanoTime();
            long late = now - before - TICK_NANOS;
            if (late > WORTH_NOTING_NANOS) {
                LATE.put(now, late);
                if (LATE.size() > MOST) {
                    LATE.pollFirstEntry();
                }
            }
            before = now;
        }
    }
}
