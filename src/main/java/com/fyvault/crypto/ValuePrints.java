package com.fyvault.crypto;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Keyed fingerprints of stored values, by which a value that turns up in public is recognised without any plaintext
/// at rest (docs/decisions/value-fingerprints.md).
///
/// White space around a value does not count: a file ends with a line break, what is pasted often does not.
public final class ValuePrints {
    /// Bytes of the shortest value that has one: shorter ones are too common, and too easily guessed.
    public static final int SHORTEST = 12;
    /// Bytes of the longest.
    public static final int LONGEST = 64 * 1_024;

    private final MacKey key;

    public ValuePrints(MacKey key) {
        this.key = key;
    }

    /// The fingerprint, 32 bytes; null for a value that is too short or too long for one.
    public byte @Nullable [] of(byte[] value) {
        int from = 0;
        int to = value.length;
        while (from < to && isSpace(value[from])) {
            from++;
        }
        while (to > from && isSpace(value[to - 1])) {
            to--;
        }
        if (to - from < SHORTEST || to - from > LONGEST) {
            return null;
        }
        byte[] bare = Arrays.copyOfRange(value, from, to);
        byte[] print = key.mac(bare);
        Arrays.fill(bare, (byte) 0);
        return print;
    }

    private static boolean isSpace(byte character) {
        return character == ' ' || character == '\n' || character == '\r' || character == '\t';
    }
}
