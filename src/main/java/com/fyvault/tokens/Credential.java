package com.fyvault.tokens;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A bearer token as stored: everything but the token.
 *
 * @param last4 the token's last four characters, for display
 * @param limits JSON object of rate limits; {@code {}} for none
 * @param ownerTeamId the team that owns it in place of a person
 * @param parentToken the token of the parent that a session was minted with; a roll of the parent ends it
 * @param createdBy who made it: {@code user:ID}, {@code token:ID} or {@code system}
 */
public record Credential(
        UUID orgId,
        UUID id,
        TokenHash hash,
        TokenKind kind,
        String label,
        String last4,
        ScopeSet scopes,
        Reach reach,
        String limits,
        @Nullable UUID ownerUserId,
        @Nullable UUID ownerTeamId,
        @Nullable UUID parentId,
        @Nullable TokenHash parentToken,
        String createdBy,
        Instant createdAt,
        @Nullable Instant expiresAt,
        @Nullable Instant revokedAt,
        @Nullable Instant lastUsedAt) {
    /** What stands in {@link #limits} when there are none. */
    public static final String NO_LIMITS = "{}";

    /** The same credential under another token, as a roll leaves it. */
    public Credential withToken(TokenHash newHash, String newLast4) {
        return new Credential(
                orgId,
                id,
                newHash,
                kind,
                label,
                newLast4,
                scopes,
                reach,
                limits,
                ownerUserId,
                ownerTeamId,
                parentId,
                parentToken,
                createdBy,
                createdAt,
                expiresAt,
                revokedAt,
                lastUsedAt);
    }

    /** The same credential, revoked. */
    public Credential withRevokedAt(Instant at) {
        return new Credential(
                orgId,
                id,
                hash,
                kind,
                label,
                last4,
                scopes,
                reach,
                limits,
                ownerUserId,
                ownerTeamId,
                parentId,
                parentToken,
                createdBy,
                createdAt,
                expiresAt,
                at,
                lastUsedAt);
    }

    /** The same credential with other limits. */
    public Credential limitedTo(String newLimits) {
        return new Credential(
                orgId,
                id,
                hash,
                kind,
                label,
                last4,
                scopes,
                reach,
                newLimits,
                ownerUserId,
                ownerTeamId,
                parentId,
                parentToken,
                createdBy,
                createdAt,
                expiresAt,
                revokedAt,
                lastUsedAt);
    }

    /** The same credential with what may be edited in place. */
    public Credential edited(String newLabel, ScopeSet newScopes, Reach newReach, @Nullable Instant newExpiry) {
        return new Credential(
                orgId,
                id,
                hash,
                kind,
                newLabel,
                last4,
                newScopes,
                newReach,
                limits,
                ownerUserId,
                ownerTeamId,
                parentId,
                parentToken,
                createdBy,
                createdAt,
                newExpiry,
                revokedAt,
                lastUsedAt);
    }

    /** The same credential as another person's, or with null and a team's id as a team's. */
    public Credential ownedBy(@Nullable UUID userId, @Nullable UUID teamId) {
        return new Credential(
                orgId,
                id,
                hash,
                kind,
                label,
                last4,
                scopes,
                reach,
                limits,
                userId,
                teamId,
                parentId,
                parentToken,
                createdBy,
                createdAt,
                expiresAt,
                revokedAt,
                lastUsedAt);
    }
}
