package com.fyvault.crypto;

/// A stretch of an array, in bytes. Lives for one call, so the compiler keeps it off the heap where it can.
record Slice(byte[] array, int offset, int length) {
    static Slice of(byte[] array) {
        return new Slice(array, 0, array.length);
    }

    static Slice from(byte[] array, int offset) {
        return new Slice(array, offset, array.length - offset);
    }
}
