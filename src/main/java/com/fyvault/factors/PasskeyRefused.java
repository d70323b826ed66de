package com.fyvault.factors;

import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Why a passkey's answer got nothing. The reason is for the person's own record; the caller hears the same in every
/// case.
final class PasskeyRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// What did not hold.
    enum Reason {
        MALFORMED,
        UNKNOWN,
        USER_HANDLE,
        CHALLENGE,
        EXPIRED,
        REPLAYED,
        TYPE,
        ORIGIN,
        CROSS_ORIGIN,
        RP_ID,
        USER_NOT_PRESENT,
        USER_NOT_VERIFIED,
        BACKUP_FLAGS,
        ALGORITHM,
        ATTESTATION,
        SIGNATURE,
        SIGN_COUNT,
        OTHER;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Reason reason;
    private final @Nullable UUID user;

    PasskeyRefused(Reason reason) {
        this(reason, null);
    }

    private PasskeyRefused(Reason reason, @Nullable UUID user) {
        super(reason.text(), null, false, false);
        this.reason = reason;
        this.user = user;
    }

    /// The same, with whose passkey was named.
    PasskeyRefused of(UUID owner) {
        return new PasskeyRefused(reason, owner);
    }

    /// Whose passkey was named; null when it is nobody's.
    @Nullable
    UUID user() {
        return user;
    }

    Reason reason() {
        return reason;
    }
}
