package com.fyvault.crypto;

import java.util.UUID;

/// Name of an organization key: whose, and which epoch (1 or more).
public record OrgKeyId(UUID orgId, int epoch) {
    public OrgKeyId {
        if (epoch < 1) {
            throw new IllegalArgumentException("epoch below 1");
        }
    }
}
