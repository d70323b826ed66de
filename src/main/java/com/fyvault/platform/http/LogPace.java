package com.fyvault.platform.http;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** How often one and the same thing is logged: while a store is away each request says it, thousands a second. */
public final class LogPace {
    /** Not now. */
    public static final long UNSAID = -1;

    private final long pauseNanos;
    private final AtomicLong last;
    private final LongAdder unsaid = new LongAdder();

    public LogPace(long pauseNanos) {
        this.pauseNanos = pauseNanos;
        this.last = new AtomicLong(System.nanoTime() - pauseNanos);
    }

    /** How many were left unsaid before this one, or {@link #UNSAID} when this one should be as well. */
    public long next() {
        long now = System.nanoTime();
        long before = last.get();
        if (now - before < pauseNanos || !last.compareAndSet(before, now)) {
            unsaid.increment();
            return UNSAID;
        }
        return unsaid.sumThenReset();
    }
}
