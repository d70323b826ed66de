package com.fyvault.crypto;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/// Plaintext of a secret: prints nothing, compares in constant time, is zeroed by [#close].
///
/// Clearing is best effort: the collector and the network stack may have copies.
public final class SecretBytes implements AutoCloseable {
    private final byte[] bytes;
    private boolean closed;

    private SecretBytes(byte[] bytes) {
        this.bytes = bytes;
    }

    /// Takes the array over; the caller no longer uses it.
    public static SecretBytes take(byte[] bytes) {
        return new SecretBytes(bytes);
    }

    public static SecretBytes copyOf(byte[] bytes) {
        return new SecretBytes(bytes.clone());
    }

    /// The UTF-8 bytes of a text, which itself cannot be cleared.
    public static SecretBytes ofText(String text) {
        return new SecretBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /// Length in bytes.
    public int length() {
        return bytes.length;
    }

    /// The array itself, not a copy; zeroed at [#close].
    ///
    /// @throws IllegalStateException once closed
    public byte[] exposeBytes() {
        if (closed) {
            throw new IllegalStateException("the secret was cleared");
        }
        return bytes;
    }

    @Override
    public void close() {
        closed = true;
        Arrays.fill(bytes, (byte) 0);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SecretBytes that && MessageDigest.isEqual(bytes, that.bytes);
    }

    /// The length: a hash of the content would tell about it.
    @Override
    public int hashCode() {
        return bytes.length;
    }

    @Override
    public String toString() {
        return "[secret]";
    }
}
