package com.fyvault.bench;

/** A closed loop: a free connection sends at once, until the time is over. Finds the highest rate. */
final class ClosedPace implements Pace {
    private final long endNanos;

    ClosedPace(long endNanos) {
        this.endNanos = endNanos;
    }

    @Override
    public long take(long nowNanos) {
        return exhausted(nowNanos) ? NOT_DUE : nowNanos;
    }

    @Override
    public boolean exhausted(long nowNanos) {
        return nowNanos - endNanos >= 0;
    }
}
