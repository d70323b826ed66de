package com.fyvault.tokens;

/** What keeps revoked authority from being used. */
enum RevocationSafeguard {
    /** The commit compares the epoch. */
    COMMIT_CHECK,
    /** What was sent too long ago is thrown away. */
    RELEASE_DEADLINE,
    /** That is asked once more when the answer is written, not only when the commit has answered. */
    DEADLINE_AT_WRITE,
    /** The release step looks for a tombstone. */
    TOMBSTONE,
    /** A tombstone stays when the token is looked up anew. */
    TOMBSTONE_AFTER_REFILL,
    /** A revocation waits for acknowledgements or the deadline. */
    WAIT,
    /** A node acknowledges after it has buried, not before. */
    BURY_BEFORE_ACKNOWLEDGING,
    /** A node acknowledges when what had passed its release step before has been written. */
    RELEASES_IN_FLIGHT,
    /** An acknowledgement counts with the seal of a node only. */
    SEAL,
    /** A fill that was read before a change does not land after it. */
    FILL_GUARD,
    /** The organization's epoch is only claimed for a decision that is still in the cache. */
    EPOCH_OF_CACHED_ONLY
}
