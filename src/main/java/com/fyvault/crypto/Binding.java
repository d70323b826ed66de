package com.fyvault.crypto;

import java.util.UUID;

/// The place that a sealed value belongs to; an envelope opens there and nowhere else.
///
/// Ids, not names: a rename needs no re-encryption, a move to another environment does.
///
/// @param version number of the secret's version, 0 or more
public record Binding(Purpose purpose, UUID orgId, UUID projectId, UUID environmentId, UUID secretId, long version) {
    public Binding {
        if (version < 0) {
            throw new IllegalArgumentException("version below 0");
        }
    }
}
