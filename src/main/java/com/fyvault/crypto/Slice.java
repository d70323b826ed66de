package com.fyvault.crypto;

/// A stretch of an array, in bytes. Lives for one call, so the compiler keeps it off the heap where it can.
final class Slice {
    private final byte[] array;
    private final int offset;
    private final int length;

    Slice(byte[] array, int offset, int length) {
        this.array = array;
        this.offset = offset;
        this.length = length;
    }

    static Slice of(byte[] array) {
        return new Slice(array, 0, array.length);
    }

    static Slice from(byte[] array, int offset) {
        return new Slice(array, offset, array.length - offset);
    }

    byte[] array() {
        return array;
    }

    int offset() {
        return offset;
    }

    int length() {
        return length;
    }
}
