package com.fyvault.limits;

import java.time.Clock;

/**
 * The time that windows are counted in: the wall clock's when the node started, or that of Redis when it
 * last answered, and from there on the monotonic clock. A step of the wall clock does not move it.
 */
class WindowClock {
    private final Loops loops;
    private volatile long offsetMicros;

    WindowClock(Loops loops, Clock wall) {
        this.loops = loops;
        this.offsetMicros = wall.millis() * 1_000 - loops.nanoTime() / 1_000;
    }

    /** Microseconds since 1970. */
    long nowMicros() {
        return loops.nanoTime() / 1_000 + offsetMicros;
    }

    /** When that time will be, on the monotonic clock. */
    long nanosAt(long micros) {
        return (micros - offsetMicros) * 1_000;
    }

    /** Takes over another clock's time, as it was at that moment. */
    void adopt(long micros, long atNanos) {
        offsetMicros = micros - atNanos / 1_000;
    }
}
