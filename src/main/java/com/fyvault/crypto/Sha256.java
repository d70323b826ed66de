package com.fyvault.crypto;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// SHA-256 (FIPS 180-4) on one digest a thread: `MessageDigest.getInstance` costs as much as hashing a token.
public final class Sha256 {
    /// Bytes of a hash.
    public static final int LENGTH = 32;

    private static final ThreadLocal<Sha256> CURRENT = ThreadLocal.withInitial(Sha256::new);
    private static final int CHUNK = 128;

    private final MessageDigest digest;
    private final byte[] chunk = new byte[CHUNK];
    private final byte[] result = new byte[LENGTH];

    private Sha256() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no SHA-256", e);
        }
    }

    public static byte[] hash(byte[] message) {
        return CURRENT.get().digest.digest(message);
    }

    /// Hash of ASCII text, one byte a character.
    ///
    /// @throws IllegalArgumentException on any other character
    public static byte[] hash(CharSequence ascii) {
        return hash(ascii, byte[]::clone);
    }

    /// Hands the hash of ASCII text to `reader` in an array that is reused after it returns.
    ///
    /// @throws IllegalArgumentException on a character beyond ASCII
    public static <T> T hash(CharSequence ascii, Reader<T> reader) {
        Sha256 current = CURRENT.get();
        current.update(ascii);
        try {
            current.digest.digest(current.result, 0, LENGTH);
        } catch (DigestException e) {
            throw new IllegalStateException("SHA-256 is longer than it should be", e);
        }
        return reader.read(current.result);
    }

    private void update(CharSequence ascii) {
        int length = ascii.length();
        for (int from = 0; from < length; from += CHUNK) {
            int count = Math.min(CHUNK, length - from);
            int union = 0;
            for (int i = 0; i < count; i++) {
                char character = ascii.charAt(from + i);
                union |= character;
                chunk[i] = (byte) character;
            }
            if (union > 0x7f) {
                digest.reset();
                throw new IllegalArgumentException("not ASCII");
            }
            digest.update(chunk, 0, count);
        }
    }

    /// Reads a 32-byte hash; must not keep the array.
    public interface Reader<T> {
        T read(byte[] hash);
    }
}
