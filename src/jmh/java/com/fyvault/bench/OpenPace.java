package com.fyvault.bench;

/**
 * An open loop: request k is due at start + k / rate, whether or not the server keeps up.
 *
 * <p>Latency counts from that moment and not from the actual send. A client that waits for a stalled server before it
 * sends the next request leaves out exactly the requests that would have been slow ("coordinated omission", G. Tene).
 */
final class OpenPace implements Pace {
    private final long startNanos;
    private final double nanosPerRequest;
    private final long total;
    private long taken;
    private long nextNanos;

    OpenPace(long startNanos, int ratePerSecond, long total) {
        this.startNanos = startNanos;
        this.nanosPerRequest = 1e9 / ratePerSecond;
        this.total = total;
        this.nextNanos = startNanos;
    }

    @Override
    public long take(long nowNanos) {
        if (taken == total || nowNanos - nextNanos < 0) {
            return NOT_DUE;
        }
        long due = nextNanos;
        taken++;
        nextNanos = startNanos + (long) (taken * nanosPerRequest);
        return due;
    }

    @Override
    public boolean exhausted(long nowNanos) {
        return taken == total;
    }

    /** When the next request is due, in nanoseconds. */
    long nextNanos() {
        return nextNanos;
    }
}
