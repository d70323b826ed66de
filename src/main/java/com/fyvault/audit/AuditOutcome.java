package com.fyvault.audit;

import java.util.Locale;

/** How it ended. The code is what is stored. */
public enum AuditOutcome {
    /** Released or changed. */
    DONE(1),
    /** Refused. */
    REFUSED(2),
    /** Authority or value had moved; nothing was released and the request was decided again. */
    STALE(3),
    /** The stored value did not pass its integrity check. */
    ALARM(4),
    /** The caller has the current value; nothing was opened. */
    UNCHANGED(5);

    private final short code;

    AuditOutcome(int code) {
        this.code = (short) code;
    }

    public short code() {
        return code;
    }

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The outcome of a stored code. */
    public static AuditOutcome of(int code) {
        return values()[code - 1];
    }
}
