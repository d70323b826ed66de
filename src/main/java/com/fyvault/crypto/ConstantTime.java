package com.fyvault.crypto;

import java.security.MessageDigest;

/** Comparison whose time tells nothing of where two arrays differ. */
public final class ConstantTime {
    private ConstantTime() {}

    /** True when both hold the same bytes. */
    public static boolean equal(byte[] left, byte[] right) {
        return MessageDigest.isEqual(left, right);
    }
}
