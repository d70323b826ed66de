package com.fyvault.crypto;

import java.util.HexFormat;

/// Name of a root key: 8 bytes derived from it one way, stored beside whatever it wraps.
public record RootKeyId(long value) {
    static final int LENGTH = 8;

    /// The root that a blob was wrapped under.
    ///
    /// @throws SealBroken when the blob is too short to say
    public static RootKeyId of(byte[] wrapped) {
        if (wrapped.length < LENGTH) {
            throw new SealBroken();
        }
        return new RootKeyId(Fields.readLong(wrapped, 0));
    }

    /// 16 hexadecimal digits.
    @Override
    public String toString() {
        return HexFormat.of().toHexDigits(value);
    }
}
