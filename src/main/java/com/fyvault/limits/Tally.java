package com.fyvault.limits;

/** What this node has been granted of a rule in its window, and how much of that nobody else knows. Guarded by {@link LocalLeases}. */
final class Tally {
    private long window = -1;
    private long granted;
    private long untold;

    /** The window to count in: the one asked for, or the one counted last when the clock has been set back since. */
    long enter(long now) {
        if (now > window) {
            window = now;
            granted = 0;
            untold = 0;
        }
        return window;
    }

    /** A window after this one was told by a wall clock that was ahead, before Redis told the time. */
    void forgetAfter(long latest) {
        if (window > latest) {
            window = -1;
            granted = 0;
            untold = 0;
        }
    }

    /** What was granted in the window. */
    long granted() {
        return granted;
    }

    void add(long in, long amount) {
        if (enter(in) == in) {
            granted += amount;
        }
    }

    void addUntold(long in, long amount) {
        add(in, amount);
        if (in == window) {
            untold += amount;
        }
    }

    /** Granted here while Redis could not be asked. */
    long untold() {
        return untold;
    }

    long untoldIn(long in) {
        return in == window ? untold : 0;
    }

    /** Redis has been told of so much. */
    void told(long in, long amount) {
        if (in == window) {
            untold = Math.max(0, untold - amount);
        }
    }

    void takeBack(long in, long amount) {
        if (in == window) {
            granted = Math.max(0, granted - amount);
        }
    }
}
