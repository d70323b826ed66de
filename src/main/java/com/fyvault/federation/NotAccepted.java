package com.fyvault.federation;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Why an identity token got nothing. The reason is for the organization's audit trail; the caller hears the same in every
 * case, or could find out who trusts whom.
 */
final class NotAccepted extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What did not hold, in the order in which it is looked at. */
    enum Reason {
        MALFORMED,
        ORGANIZATION_UNKNOWN,
        NO_RULE,
        ALGORITHM,
        KEYS_UNAVAILABLE,
        KEY_UNKNOWN,
        SIGNATURE,
        CLAIMS,
        TIME,
        AUDIENCE,
        CONDITIONS,
        RULE_ENDED,
        ADDRESS,
        ALREADY_EXCHANGED;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Reason reason;

    NotAccepted(Reason reason) {
        this(reason, null);
    }

    /** @param subject of a token whose signature was found good */
    NotAccepted(Reason reason, @Nullable String subject) {
        super(subject, null, false, false);
        this.reason = reason;
    }

    Reason reason() {
        return reason;
    }

    /** The token's subject, once it is known to be the issuer's word. */
    @Nullable
    String subject() {
        return getMessage();
    }
}
