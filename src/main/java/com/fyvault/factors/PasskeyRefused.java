package com.fyvault.factors;

import java.util.Locale;

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

    PasskeyRefused(Reason reason) {
        super(reason.text(), null, false, false);
        this.reason = reason;
    }

    Reason reason() {
        return reason;
    }
}
