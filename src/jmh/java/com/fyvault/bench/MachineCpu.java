package com.fyvault.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What the whole machine's processors did, from /proc/stat, in ticks of 10 ms summed over the cores. */
record MachineCpu(long busyTicks, long stolenTicks, long allTicks) {
    private static final double NANOS_PER_TICK = 1e7;
    private static final int IDLE = 4; // "cpu user nice system idle iowait irq softirq steal guest guest_nice"
    private static final int IO_WAIT = 5;
    private static final int STEAL = 8;

    static MachineCpu now() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/stat"))) {
            return parse(lines.findFirst().orElse(""));
        }
    }

    static MachineCpu parse(String line) {
        String[] fields = line.split(" +", -1);
        long all = 0;
        for (int i = 1; i <= STEAL; i++) { // guest time is already in user time
            all += Long.parseLong(fields[i]);
        }
        long stolen = Long.parseLong(fields[STEAL]);
        long idle = Long.parseLong(fields[IDLE]) + Long.parseLong(fields[IO_WAIT]);
        return new MachineCpu(all - idle - stolen, stolen, all);
    }

    /**
     * What the measured processes could not have; a window with much of either tells little.
     *
     * @param stealPercent taken by the host for other machines
     * @param othersPercent taken by processes of this machine that have no part in the window
     */
    record Noise(double stealPercent, double othersPercent) {
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "steal %.1f %%  others %.0f %%", stealPercent, othersPercent);
        }
    }

    /** Between an earlier look and this one, in which those measured took this much. */
    Noise since(MachineCpu before, double measuredNanos) {
        long all = allTicks - before.allTicks;
        if (all <= 0) {
            return new Noise(0, 0);
        }
        double others = busyTicks - before.busyTicks - measuredNanos / NANOS_PER_TICK;
        return new Noise(100.0 * (stolenTicks - before.stolenTicks) / all, Math.max(0, 100.0 * others / all));
    }
}
