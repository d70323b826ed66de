package com.fyvault.support;

import java.util.Arrays;

/**
 * Whether two kinds of work take the same time: Welch's t of two samples whose slowest hundredth was cut off, as
 * dudect does (Reparaz, Balasch and Verbauwhede, 2017), and how far their medians are apart. |t| above 4.5 tells them
 * apart.
 */
public record Welch(double t, double medianRatio) {
    private static final double KEPT = 0.99;

    public static Welch of(long[] one, long[] other) {
        double[] a = cropped(one);
        double[] b = cropped(other);
        double spread = Math.sqrt(variance(a) / a.length + variance(b) / b.length);
        double difference = mean(a) - mean(b);
        return new Welch(
                spread == 0 ? (difference == 0 ? 0 : Double.POSITIVE_INFINITY) : difference / spread,
                a[a.length / 2] / b[b.length / 2]);
    }

    private static double[] cropped(long[] sample) {
        return Arrays.stream(sample)
                .sorted()
                .limit(Math.max(2, (long) (sample.length * KEPT)))
                .asDoubleStream()
                .toArray();
    }

    private static double mean(double[] sample) {
        return Arrays.stream(sample).average().orElse(0);
    }

    private static double variance(double[] sample) {
        double mean = mean(sample);
        return Arrays.stream(sample).map(x -> (x - mean) * (x - mean)).sum() / (sample.length - 1);
    }
}
