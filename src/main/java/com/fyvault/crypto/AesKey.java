package com.fyvault.crypto;

import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.SecretKey;

/// 32 bytes of AES-256 key in one array that can be refilled and zeroed.
///
/// `SecretKeySpec` can do neither: its `destroy()` throws on JDK 25 and it copies on construction.
final class AesKey implements SecretKey {
    static final int LENGTH = 32;
    private static final long serialVersionUID = 1;

    private final transient byte[] bytes = new byte[LENGTH];

    static AesKey copyOf(byte[] source) {
        if (source.length != LENGTH) {
            throw new IllegalArgumentException("a key is " + LENGTH + " bytes");
        }
        AesKey key = new AesKey();
        System.arraycopy(source, 0, key.bytes, 0, LENGTH);
        return key;
    }

    /// The array itself, not a copy.
    byte[] exposeBytes() {
        return bytes;
    }

    void fill(SecureRandom random) {
        random.nextBytes(bytes);
    }

    void clear() {
        Arrays.fill(bytes, (byte) 0);
    }

    /// A copy, which the cipher zeroes when it has expanded it.
    @Override
    public byte[] getEncoded() {
        return bytes.clone();
    }

    @Override
    public String getAlgorithm() {
        return "AES";
    }

    @Override
    public String getFormat() {
        return "RAW";
    }

    @Override
    public String toString() {
        return "[key]";
    }

    private void writeObject(ObjectOutputStream out) throws NotSerializableException {
        throw new NotSerializableException("a key is never serialised");
    }
}
