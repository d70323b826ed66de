package com.fyvault.tokens;

import com.fyvault.crypto.Sha256;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// SHA-256 of a token: what is stored and looked up instead of it. A map key of 32 bytes in four longs.
///
/// Compares all four longs always, so that the time tells nothing about where two hashes differ.
public record TokenHash(long first, long second, long third, long fourth) {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN)
            .withInvokeExactBehavior();

    /// @param hash 32 bytes; read, not kept
    public static TokenHash of(byte[] hash) {
        if (hash.length != Sha256.LENGTH) {
            throw new IllegalArgumentException("a token hash is " + Sha256.LENGTH + " bytes");
        }
        return new TokenHash((long) LONG.get(hash, 0), (long) LONG.get(hash, 8), (long) LONG.get(hash, 16), (long)
                LONG.get(hash, 24));
    }

    /// The 32 bytes, as stored.
    public byte[] toBytes() {
        byte[] hash = new byte[Sha256.LENGTH];
        LONG.set(hash, 0, first);
        LONG.set(hash, 8, second);
        LONG.set(hash, 16, third);
        LONG.set(hash, 24, fourth);
        return hash;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TokenHash that
                && ((first ^ that.first) | (second ^ that.second) | (third ^ that.third) | (fourth ^ that.fourth)) == 0;
    }

    /// Any 32 bits of a SHA-256 are spread as well as any others.
    @Override
    public int hashCode() {
        return (int) first;
    }

    @Override
    public String toString() {
        return "TokenHash[" + Long.toHexString(first >>> 32) + "..]";
    }
}
