package com.fyvault.tokens;

import io.vertx.core.Future;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where decisions come from. Every answer is one snapshot. */
public interface CredentialStore {
    /** At most this many changes are named; more are answered with {@code overflow}. */
    int MOST_CHANGES = 1_000;

    /**
     * A credential with its ancestors.
     *
     * @param chain the credential first; none is left out
     * @param standing what the organization and the owners leave of it
     * @param epoch the organization's auth_epoch
     * @param nowMicros database time, microseconds since 1970
     */
    record Found(List<Credential> chain, Standing standing, long epoch, long nowMicros) {}

    /**
     * What changed in an organization after an epoch.
     *
     * @param sessions tokens of sessions whose decision is no longer good
     * @param keys credentials that others may descend from, and owners: no decision that rests on one is good
     */
    record Changes(long epoch, List<TokenHash> sessions, List<UUID> keys, boolean overflow) {}

    /** The credential of this hash, or null; fails when a row's seal does not fit. */
    Future<@Nullable Found> find(TokenHash hash);

    /** The changes after {@code sinceEpoch}, complete: a change carries the epoch that its own commit set, under the row's lock. */
    Future<Changes> changedSince(UUID orgId, long sinceEpoch);
}
