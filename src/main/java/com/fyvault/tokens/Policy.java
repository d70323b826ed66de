package com.fyvault.tokens;

import com.fyvault.crypto.RowSeal;
import java.util.List;
import java.util.UUID;

/**
 * What an organization asks of every token of its own. It is in force at once, for tokens that were there before too.
 *
 * @param keyDays how long a key lives at most, counted from when it was made; 0 for no such limit
 * @param secondFactor true when people need a second factor to come in
 * @param cidrs the only addresses that tokens may be used from; empty for all
 */
public record Policy(int keyDays, boolean secondFactor, List<String> cidrs) {
    /** An organization that asks for nothing. */
    public static final Policy NONE = new Policy(0, false, List.of());

    public Policy {
        cidrs = List.copyOf(cidrs);
    }

    /** The fields that a writer to the table must not be able to change. */
    public RowSeal.Row sealOf(RowSeal seals, UUID orgId) {
        return seals.fields("policy.1")
                .add(orgId)
                .add(keyDays)
                .add(secondFactor)
                .add(cidrs);
    }
}
