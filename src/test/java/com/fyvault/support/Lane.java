package com.fyvault.support;

/** Which lane runs: F, with each change, or N, the full counts, under {@code -Pproofs}. */
public final class Lane {
    private Lane() {}

    public static boolean isFull() {
        return System.getProperty("fyvault.lane", "F").equals("N");
    }

    /** The larger of two counts in lane N, the smaller one in lane F. */
    public static int count(int one, int other) {
        return isFull() ? Math.max(one, other) : Math.min(one, other);
    }
}
