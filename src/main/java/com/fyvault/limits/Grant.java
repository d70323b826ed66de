package com.fyvault.limits;

/**
 * A share of a budget, good until the shortest window ends.
 *
 * @param amount requests that it covers; 0 when a rule has nothing left
 * @param expiresNanos when the first window ends, on the monotonic clock, never later than it really does
 * @param tightest the number of the rule with the least left
 * @param left what is left of it after this share
 * @param resetNanos when the window of that rule ends
 * @param windows for each rule the window that it was charged in
 */
record Grant(long amount, long expiresNanos, int tightest, long left, long resetNanos, long[] windows) {
    /** The same, of which only so much may be used. */
    Grant cutTo(long most) {
        return most == amount ? this : new Grant(most, expiresNanos, tightest, left, resetNanos, windows);
    }
}
