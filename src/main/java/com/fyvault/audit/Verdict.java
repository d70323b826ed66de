package com.fyvault.audit;

/** What the commit said of the authority behind a record. */
public enum Verdict {
    /** Recorded, and everything the decision rests on still holds: release. */
    GOOD,
    /** The same, though other values of the environment have changed: release, then refresh. */
    BEHIND,
    /** The organization's authority has moved on: refresh and decide again. */
    AUTHORITY_MOVED,
    /** A value or the environment itself has moved on: refresh and read again. */
    ENVIRONMENT_MOVED,
    /** The token has expired by the database's clock. */
    EXPIRED,
    /** Good, but the answer took longer than the release deadline: decide again. */
    LATE;

    /** True when the answer may leave. */
    public boolean releases() {
        return this == GOOD || this == BEHIND;
    }
}
