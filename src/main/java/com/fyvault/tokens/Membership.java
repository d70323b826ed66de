package com.fyvault.tokens;

import com.fyvault.crypto.RowSeal;
import java.util.UUID;

/** Who has which role where. The row is sealed: a writer to the table cannot make anybody an owner. */
public record Membership(UUID orgId, UUID userId, Role role) {
    /** The fields that a writer to the table must not be able to change. */
    public RowSeal.Row sealOf(RowSeal seals) {
        return seals.fields("membership.1").add(orgId).add(userId).add(role.text());
    }
}
