package com.fyvault.tokens;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.UUID;

/**
 * Credentials, owners and organizations whose authority was cut a moment ago by this node, each with the epoch that did it. The
 * release step looks here after the commit, so that nothing decided before the cut leaves after it.
 * A decision read at that epoch or later is not covered: a rolled key lives on under its new token,
 * a narrowed one with what is left. Entries outlive any answer that could be in flight by far.
 */
public final class Tombstones {
    private static final Duration KEPT = Duration.ofMinutes(5);
    /** Beyond this the oldest go; the commit's own check still refuses what they named. */
    private static final int MOST = 1_000_000;

    private final Cache<Grave, Long> cuts =
            Caffeine.newBuilder().expireAfterWrite(KEPT).maximumSize(MOST).build();
    private volatile boolean any;

    /** What was cut, in which organization: a person is in several, and each counts its own epochs. */
    private record Grave(UUID orgId, UUID ground) {}

    /**
     * Buries what was decided in an organization before this epoch on a credential, on one that descends from it, on an owner
     * or on the organization itself.
     */
    public void bury(UUID orgId, UUID ground, long epoch) {
        cuts.asMap().merge(new Grave(orgId, ground), epoch, Math::max);
        any = true;
    }

    /** True when the decision is older than a cut of what it rests on. */
    public boolean covers(Decision decision) {
        if (!any) {
            return false;
        }
        UUID orgId = decision.org().orgId();
        return decision.isCutBy(ground -> cuts.getIfPresent(new Grave(orgId, ground)));
    }
}
