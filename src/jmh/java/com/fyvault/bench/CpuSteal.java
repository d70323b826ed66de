package com.fyvault.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** CPU that the host gave to other machines while ours wanted it, from /proc/stat: a window with much of it is noise. */
record CpuSteal(long stolenTicks, long allTicks) {
    private static final int STEAL = 8; // "cpu user nice system idle iowait irq softirq steal guest guest_nice"

    static CpuSteal now() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/stat"))) {
            return parse(lines.findFirst().orElse(""));
        }
    }

    static CpuSteal parse(String line) {
        String[] fields = line.split(" +", -1);
        long all = 0;
        for (int i = 1; i <= STEAL; i++) { // guest time is already in user time
            all += Long.parseLong(fields[i]);
        }
        return new CpuSteal(Long.parseLong(fields[STEAL]), all);
    }

    double percentSince(CpuSteal before) {
        long all = allTicks - before.allTicks;
        return all <= 0 ? 0 : 100.0 * (stolenTicks - before.stolenTicks) / all;
    }
}
