package com.fyvault.bench;

/**
 * How long each part of {@code bench read} takes.
 *
 * @param helloWarmUpSeconds the empty answer is compiled sooner
 * @param windows closed-loop windows of each kind, interleaved; the best counts
 * @param lateSeconds when this much time has passed, two closed-loop windows of each kind have to do
 * @param openWindows open-loop windows of each kind, interleaved; the best counts
 */
record ReadPlan(
        double helloWarmUpSeconds,
        double readWarmUpSeconds,
        int windows,
        double windowSeconds,
        double lateSeconds,
        int openWindows,
        double openSeconds) {

    /** The first 15 s of load cost two to five times the CPU of the ones after. */
    static ReadPlan full(double windowSeconds) {
        return new ReadPlan(15, 20, 7, windowSeconds, 3600, 3, 5);
    }

    boolean enough(int windowsDone, double secondsPassed) {
        return windowsDone == windows || (windowsDone >= 2 && secondsPassed > lateSeconds);
    }

    /** Ends within 60 s, starts included. */
    static ReadPlan quick(double windowSeconds) {
        return new ReadPlan(4, 10, 5, Math.min(windowSeconds, 1.5), 40, 1, 3);
    }
}
