package com.fyvault.limits;

import java.util.concurrent.atomic.AtomicLong;

/** A share in use. Requests take from it without a lock, on any event loop. */
final class Lease {
    private final Grant grant;
    private final AtomicLong left;
    private final long renewAt;
    // Guarded by the meter.
    private long formerSince;

    Lease(Grant grant, long amount) {
        this.grant = grant;
        this.left = new AtomicLong(amount);
        this.renewAt = amount / 4;
    }

    /** Takes one; what was left before, or 0 when there was nothing or the window is over. */
    long take(long nowNanos) {
        if (nowNanos - grant.expiresNanos() >= 0) {
            return 0;
        }
        long before = left.get();
        while (before > 0 && !left.compareAndSet(before, before - 1)) {
            before = left.get();
        }
        return before;
    }

    /** True at the one moment when the next share should be asked for. */
    boolean isRenewal(long before) {
        return before - 1 == renewAt && renewAt > 0;
    }

    void putBack() {
        left.incrementAndGet();
    }

    /** Takes all that is left. */
    long drain() {
        return left.getAndSet(0);
    }

    long left() {
        return left.get();
    }

    Grant grant() {
        return grant;
    }

    /** Another share is in use from now on; this one only takes back. */
    void retire(long nowNanos) {
        formerSince = nowNanos;
    }

    long formerSince() {
        return formerSince;
    }

    boolean isOver(long nowNanos) {
        return nowNanos - grant.expiresNanos() >= 0;
    }
}
