package com.fyvault.secrets;

import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Fields;
import com.fyvault.platform.http.Refusal;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The value that a request brings, and who encrypted it.
 *
 * @param bytes UTF-8; owned by the request's fields, which clear them
 */
record NewValue(byte[] bytes, boolean clientEncrypted) {
    private static final int LONGEST_MODE = 16;

    /** The value of a new secret. {@code DEVICE} and {@code clientEncryptedValue} both make it the client's own ciphertext. */
    static NewValue forCreate(Fields body) {
        byte @Nullable [] plain = body.secret("value");
        byte @Nullable [] sealed = body.secret("clientEncryptedValue");
        @Nullable String mode = body.optionalText("encryptionMode", LONGEST_MODE);
        boolean client = mode != null && isClient(mode);
        if (plain != null && sealed != null) {
            throw Fields.invalid("value", "and clientEncryptedValue exclude each other");
        }
        if (sealed != null) {
            if (mode != null && !client) {
                throw Fields.invalid("encryptionMode", "is not that of a clientEncryptedValue");
            }
            return new NewValue(sealed, true);
        }
        if (plain == null) {
            throw Fields.invalid("value", "is missing");
        }
        return new NewValue(plain, client);
    }

    /** The value for a secret that exists; null when the request brings none. An empty one counts as none when {@code emptyIsNone}. */
    static @Nullable NewValue forSecret(Fields body, Secret secret, boolean emptyIsNone) {
        byte @Nullable [] plain = body.secret("value");
        byte @Nullable [] sealed = body.secret("clientEncryptedValue");
        if (plain != null && emptyIsNone && plain.length == 0) {
            plain = null;
        }
        if (plain != null && secret.clientEncrypted()) {
            throw Refusal.of(ErrorCode.CLIENT_ENCRYPTED);
        }
        if (sealed != null && !secret.clientEncrypted()) {
            throw Fields.invalid("clientEncryptedValue", "is for secrets that the client encrypts");
        }
        byte @Nullable [] bytes = plain == null ? sealed : plain;
        return bytes == null ? null : new NewValue(bytes, secret.clientEncrypted());
    }

    private static boolean isClient(String mode) {
        return switch (mode.toUpperCase(Locale.ROOT)) {
            case "DEVICE", "CLIENT" -> true;
            case "CLOUD", "SERVER" -> false;
            default -> throw Fields.invalid("encryptionMode", "is CLOUD or DEVICE");
        };
    }
}
