package com.fyvault.platform.redis;

/** Says when enough calls have failed: so many within the time. Times are of the monotonic clock. */
final class Breaker {
    private final long[] failures;
    private final long withinNanos;
    private int seen;

    /** @param most failures that open it */
    Breaker(int most, long withinNanos) {
        this.failures = new long[most];
        this.withinNanos = withinNanos;
    }

    /** Counts a failure; true when it is one too many. */
    boolean failed(long nowNanos) {
        int most = failures.length;
        failures[seen % most] = nowNanos;
        seen = seen + 1 == 2 * most ? most : seen + 1;
        // The slot that comes next holds the oldest of the last so many.
        return seen >= most && nowNanos - failures[seen % most] <= withinNanos;
    }

    void reset() {
        seen = 0;
    }
}
