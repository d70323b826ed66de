package com.fyvault.proofs.history;

import org.jspecify.annotations.Nullable;

/**
 * One request as its client saw it.
 *
 * @param client who asked
 * @param told null when nobody knows: the connection was lost, or the server said that it cannot tell
 * @param called on the monotonic clock, before the first byte was sent
 * @param returned after the last byte was read; {@link #NEVER} when nobody knows
 */
record Operation<A, T>(int client, A ask, @Nullable T told, long called, long returned) {
    static final long NEVER = Long.MAX_VALUE;

    /** One that may have taken effect at any time since, or may still do so, or never. */
    static <A, T> Operation<A, T> open(int client, A ask, long called) {
        return new Operation<>(client, ask, null, called, NEVER);
    }

    boolean isOpen() {
        return returned == NEVER;
    }
}
