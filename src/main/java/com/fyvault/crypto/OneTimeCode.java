package com.fyvault.crypto;

import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The number that an authenticator app shows: HOTP (RFC 4226) with HMAC-SHA1 and six digits, which is what every app
/// can do. SHA-1 is good for this: HMAC does not rest on its resistance to collisions.
public final class OneTimeCode {
    /// Bytes of a secret, as RFC 4226 section 4 recommends.
    public static final int SECRET_LENGTH = 20;

    private static final String ALGORITHM = "HmacSHA1";
    private static final int MODULUS = 1_000_000;

    private OneTimeCode() {}

    /// The code of a counter, 0 to 999,999.
    public static int at(byte[] secret, long counter) {
        return truncated(secret, counter) % MODULUS;
    }

    /// 31 bits from the place in the MAC that its last four bits name (RFC 4226 section 5.3).
    static int truncated(byte[] secret, long counter) {
        byte[] message = new byte[Long.BYTES];
        Fields.writeLong(message, 0, counter);
        byte[] mac = mac(secret, message);
        return Fields.readInt(mac, mac[mac.length - 1] & 0xf) & Integer.MAX_VALUE;
    }

    private static byte[] mac(byte[] secret, byte[] message) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret, ALGORITHM));
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no " + ALGORITHM, e);
        }
    }
}
