package com.fyvault.crypto;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// A key for HMAC-SHA256 (RFC 2104); prints nothing.
///
/// Each thread keeps a `Mac` a key, so there may be few of these: the service's subkeys, not one an organization.
public final class MacKey {
    /// Bytes of a MAC.
    public static final int MAC_LENGTH = 32;

    private final ThreadLocal<Mac> mac;

    private MacKey(SecretKeySpec key) {
        mac = ThreadLocal.withInitial(() -> hmac(key));
    }

    /// Takes the key over and zeroes `bytes`.
    static MacKey take(byte[] bytes) {
        SecretKeySpec key = new SecretKeySpec(bytes, "HmacSHA256");
        Arrays.fill(bytes, (byte) 0);
        return new MacKey(key);
    }

    /// The 32-byte MAC of a message.
    public byte[] mac(byte[] message) {
        return mac(message, message.length);
    }

    /// Whether `expected` is the MAC of a message; takes the same time wherever they differ.
    public boolean verify(byte[] message, byte[] expected) {
        return MessageDigest.isEqual(mac(message), expected);
    }

    byte[] mac(byte[] message, int length) {
        Mac current = mac.get();
        current.update(message, 0, length);
        return current.doFinal();
    }

    @Override
    public String toString() {
        return "[key]";
    }

    private static Mac hmac(SecretKeySpec key) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no HMAC-SHA256", e);
        }
    }
}
