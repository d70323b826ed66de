package com.fyvault.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;

/** One line a proof: what was done to the server, how often it was asked, and how often it was wrong. */
public final class Figures {
    private Figures() {}

    /**
     * The figures of a proof.
     *
     * @param faults what was really injected, counted where it happened
     * @param operations requests or cases that were judged
     * @param violations those that broke the rule
     * @param more anything else worth a look
     */
    public record Line(String id, String name, long faults, long operations, long violations, String more) {}

    /** Prints the line and keeps it in target/figures.txt. */
    public static synchronized void print(Line line) {
        String text = String.format(
                        Locale.ROOT,
                        "%-8s %-44s faults=%-6d operations=%-8d violations=%d  %s",
                        line.id(),
                        line.name(),
                        line.faults(),
                        line.operations(),
                        line.violations(),
                        line.more())
                .stripTrailing();
        System.out.println(text);
        try {
            Files.writeString(
                    Files.createDirectories(target()).resolve("figures.txt"),
                    text + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Median, 99th percentile and maximum of durations in nanoseconds, as milliseconds. */
    public static String spread(long[] nanos) {
        if (nanos.length == 0) {
            return "none";
        }
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return String.format(
                Locale.ROOT,
                "p50=%.1fms p99=%.1fms max=%.1fms",
                at(sorted, 0.50) / 1e6,
                at(sorted, 0.99) / 1e6,
                sorted[sorted.length - 1] / 1e6);
    }

    /** The duration below which the share lies. */
    public static long percentile(long[] nanos, double share) {
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return at(sorted, share);
    }

    /** Where the build puts its things. */
    public static Path target() {
        return Path.of(System.getProperty("fyvault.basedir", ".")).resolve("target");
    }

    private static long at(long[] sorted, double share) {
        return sorted[(int) Math.min(sorted.length - 1, (long) (sorted.length * share))];
    }
}
