package com.fyvault.tokens;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Ready decisions in memory, and what this node knows of each organization: no clock and no messages,
 * so that the simulation of the whole protocol runs on this very class. The order that makes it safe stands
 * in {@link OrgState}: a fill is refused when the organization has moved past the epoch it was read at
 * (checked inside the map's own lock), so a look-up that was answered before a revocation cannot land
 * after it.
 */
class DecisionCache {
    private final Cache<TokenHash, Decision> decisions;
    private final ConcurrentHashMap<UUID, OrgState> orgs = new ConcurrentHashMap<>();

    DecisionCache(long most) {
        this.decisions = Caffeine.newBuilder().maximumSize(most).build();
    }

    /** The ready decision, or null when it must be looked up. */
    final @Nullable Decision peek(TokenHash hash) {
        @Nullable Decision decision = decisions.getIfPresent(hash);
        return decision != null && decision.org().holds(decision) ? decision : null;
    }

    /**
     * The epoch to check this decision against. The organization's, when the decision is still in
     * the cache after reading it; else the one it was read at, which is always sound.
     */
    long epochOf(TokenHash hash, Decision decision) {
        long epoch = decision.org().epoch();
        return peek(hash) == decision ? epoch : decision.readEpoch();
    }

    /** The decision that the snapshot makes; kept unless the organization has moved on since. */
    final Decision admit(TokenHash hash, CredentialStore.Found found) {
        UUID orgId = found.chain().get(0).orgId();
        OrgState org = orgs.computeIfAbsent(orgId, id -> new OrgState(id, found.epoch()));
        Decision decision = new Decision(org, found);
        decisions.asMap().compute(hash, (key, old) -> isLate(org, found.epoch()) ? old : decision);
        return decision;
    }

    /**
     * The decision of a snapshot that another node has made, or null when this node knows better or cannot know:
     * its organization must have been met through PostgreSQL, and stand at the epoch of the snapshot.
     */
    final @Nullable Decision believe(TokenHash hash, CredentialStore.Found found) {
        Credential credential = found.chain().get(0);
        @Nullable OrgState org = orgs.get(credential.orgId());
        if (org == null || !credential.hash().equals(hash) || !org.isAt(found.epoch())) {
            return null;
        }
        return admit(hash, found);
    }

    /** Lets go of what these changes touch. */
    final void apply(OrgState org, CredentialStore.Changes changes) {
        org.begin(changes.epoch(), changes.keys(), changes.overflow());
        changes.sessions().forEach(decisions::invalidate);
        org.finish(changes.epoch());
    }

    /** The node's state of an organization, if it has met it. */
    final @Nullable OrgState org(UUID orgId) {
        return orgs.get(orgId);
    }

    final long size() {
        return decisions.estimatedSize();
    }

    boolean isLate(OrgState org, long readEpoch) {
        return !org.admits(readEpoch);
    }
}
