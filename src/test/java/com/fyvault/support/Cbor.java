package com.fyvault.support;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** The little CBOR (RFC 8949) that an authenticator writes: definite lengths, shortest heads. */
public final class Cbor {
    private static final int NEGATIVE = 1;
    private static final int BYTES = 2;
    private static final int TEXT = 3;
    private static final int MAP = 5;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** So many pairs follow. */
    public Cbor map(int pairs) {
        head(MAP, pairs);
        return this;
    }

    public Cbor add(long number) {
        head(number < 0 ? NEGATIVE : 0, number < 0 ? -1 - number : number);
        return this;
    }

    public Cbor add(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        head(TEXT, utf8.length);
        out.writeBytes(utf8);
        return this;
    }

    public Cbor add(byte[] bytes) {
        head(BYTES, bytes.length);
        out.writeBytes(bytes);
        return this;
    }

    public byte[] toBytes() {
        return out.toByteArray();
    }

    private void head(int major, long value) {
        int type = major << 5;
        if (value < 24) {
            out.write(type | (int) value);
        } else if (value < 1 << 8) {
            out.write(type | 24);
            out.write((int) value);
        } else if (value < 1 << 16) {
            out.write(type | 25);
            out.write((int) value >> 8);
            out.write((int) value);
        } else {
            throw new IllegalArgumentException("longer than an authenticator writes");
        }
    }
}
