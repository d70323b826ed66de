package com.fyvault.tokens;

import java.time.Instant;
import java.util.UUID;

/** A key that may do everything, everywhere, for ever. */
public final class WideKey {
    private WideKey() {}

    /** A key with the token that was minted for it. */
    public static Credential of(UUID orgId, UUID id, MintedToken token) {
        return of(orgId, id, token.hash(), token.lastFour());
    }

    /** A key of which only the hash is known. */
    static Credential of(UUID orgId, UUID id, TokenHash hash) {
        return of(orgId, id, hash, "last");
    }

    private static Credential of(UUID orgId, UUID id, TokenHash hash, String lastFour) {
        return new Credential(
                orgId,
                id,
                hash,
                TokenKind.API_KEY,
                "label",
                lastFour,
                ScopeSet.all(),
                Reach.EVERYWHERE,
                Credential.NO_LIMITS,
                null,
                null,
                null,
                null,
                "system",
                Instant.EPOCH,
                null,
                null,
                null);
    }
}
