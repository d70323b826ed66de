package com.fyvault.secrets;

import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import java.security.SecureRandom;

/** Types are free text; three of them say how a value is made when a rotation brings none. */
final class SecretType {
    static final String GENERIC = "GENERIC";
    static final String API_KEY = "API_KEY";
    private static final String DATABASE = "DB_CREDENTIAL";
    private static final String AWS = "AWS_CREDENTIAL";

    private static final byte[] BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
            .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    /** 43 characters of base62 hold 256 bits. */
    private static final int LENGTH = 43;

    private static final int DATABASE_LENGTH = 32;

    private SecretType() {}

    /** A fresh value for a secret of the type; the caller clears it. */
    static byte[] generate(String type, SecureRandom random) {
        if (type.equals(AWS)) {
            throw Refusal.of(ErrorCode.NOT_GENERATED, "An AWS credential must be issued by AWS; send the value");
        }
        byte[] value = new byte[type.equals(DATABASE) ? DATABASE_LENGTH : LENGTH];
        for (int i = 0; i < value.length; i++) {
            value[i] = BASE62[random.nextInt(BASE62.length)];
        }
        return value;
    }
}
