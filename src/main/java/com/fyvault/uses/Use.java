package com.fyvault.uses;

import java.util.UUID;

/**
 * What was used, and when for the last time.
 *
 * @param atMicros since 1970, by the database's clock
 */
public record Use(Subject subject, long atMicros) {
    /** What can be used. */
    public enum Kind {
        CREDENTIAL,
        SECRET
    }

    /** One credential or secret. */
    public record Subject(Kind kind, UUID orgId, UUID id) {}
}
