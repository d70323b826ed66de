package com.fyvault.support;

/// Which lane of tests runs: F with each change, N each night with full counts (`-Pproofs`).
public final class Lane {
    private static final boolean NIGHTLY = "N".equals(System.getProperty("fyvault.lane"));

    private Lane() {}

    public static int count(int fast, int nightly) {
        return NIGHTLY ? nightly : fast;
    }
}
