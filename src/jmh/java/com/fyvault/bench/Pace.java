package com.fyvault.bench;

/** Decides when a connection that is free may send, and which moment its latency counts from. */
sealed interface Pace permits ClosedPace, OpenPace {
    /** Nothing is due now. */
    long NOT_DUE = Long.MIN_VALUE;

    /** Takes the next request if it is due: the moment it should leave, in nanoseconds, else NOT_DUE. */
    long take(long nowNanos);

    /** No further request will become due. */
    boolean exhausted(long nowNanos);
}
