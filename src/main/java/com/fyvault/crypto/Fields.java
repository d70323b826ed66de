package com.fyvault.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.UUID;

/// A growing buffer of length-prefixed fields, each `length(u32) | bytes`, big-endian.
///
/// The prefix makes the encoding unambiguous: no two different lists of fields give the same bytes.
final class Fields {
    /// More than any AAD or sealed row needs; past it is a bug, not data.
    static final int LIMIT = 1 << 20;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();

    private byte[] bytes;
    private int length;

    Fields(int capacity) {
        bytes = new byte[capacity];
    }

    byte[] array() {
        return bytes;
    }

    int length() {
        return length;
    }

    void clear() {
        length = 0;
    }

    void add(byte[] value) {
        reserve(4);
        putInt(value.length);
        addUnprefixed(value);
    }

    /// The bytes without a length: only for published test vectors, whose AAD has none.
    void addUnprefixed(byte[] value) {
        reserve(value.length);
        System.arraycopy(value, 0, bytes, length, value.length);
        length += value.length;
    }

    void add(UUID value) {
        reserve(20);
        putInt(16);
        putLong(value.getMostSignificantBits());
        putLong(value.getLeastSignificantBits());
    }

    void add(long value) {
        reserve(12);
        putInt(8);
        putLong(value);
    }

    void addInt(int value) {
        reserve(8);
        putInt(4);
        putInt(value);
    }

    void addByte(byte value) {
        reserve(5);
        putInt(1);
        bytes[length++] = value;
    }

    static int readInt(byte[] source, int at) {
        return (int) INT.get(source, at);
    }

    static void writeInt(byte[] target, int at, int value) {
        INT.set(target, at, value);
    }

    static long readLong(byte[] source, int at) {
        return (long) LONG.get(source, at);
    }

    static void writeLong(byte[] target, int at, long value) {
        LONG.set(target, at, value);
    }

    private void putInt(int value) {
        INT.set(bytes, length, value);
        length += 4;
    }

    private void putLong(long value) {
        LONG.set(bytes, length, value);
        length += 8;
    }

    private void reserve(int more) {
        if (more > LIMIT - length) {
            throw new IllegalArgumentException("fields exceed " + LIMIT + " bytes");
        }
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, 2 * bytes.length));
        }
    }
}
