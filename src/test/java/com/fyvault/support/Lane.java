package com.fyvault.support;

/** Which lane runs: F, with each change, or N, the full counts, under {@code -Pproofs}. */
public final class Lane {
    private Lane() {}

    public static boolean isFull() {
        return System.getProperty("fyvault.lane", "F").equals("N");
    }

    /** The full count in lane N, the smaller one in lane F. */
    public static int count(int full, int fast) {
        return isFull() ? full : fast;
    }
}
