package com.fyvault.tokens;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.UUID;

/**
 * Credentials revoked a moment ago on this node or told of by another. The release step looks here
 * after the commit, so that nothing decided before the revocation leaves after it. They outlive any
 * answer that could be in flight by far.
 */
public final class Tombstones {
    private static final Duration KEPT = Duration.ofMinutes(5);
    /** Beyond this the oldest go; the commit's own check still refuses what they named. */
    private static final int MOST = 1_000_000;

    private final Cache<UUID, Boolean> dead =
            Caffeine.newBuilder().expireAfterWrite(KEPT).maximumSize(MOST).build();
    private volatile boolean any;

    /** Buries a credential; its children die with it. */
    public void bury(UUID credentialId) {
        dead.put(credentialId, true);
        any = true;
    }

    /** True when the credential or one that it descends from was buried. */
    public boolean covers(Decision decision) {
        if (!any) {
            return false;
        }
        for (Credential link : decision.chain()) {
            if (dead.getIfPresent(link.id()) != null) {
                return true;
            }
        }
        return false;
    }
}
