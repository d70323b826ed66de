package com.fyvault.tokens;

import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Credentials whose authority was changed, each with the epoch of that. What was decided before, on the
 * credential or on any that descends from it, is no longer good: so a change of a key costs the same
 * whatever is below it, and none of that needs to be found.
 */
final class Cuts {
    private final ConcurrentHashMap<UUID, Long> epochs = new ConcurrentHashMap<>();
    // Not epochs.isEmpty(): the map counts an entry after it has put it in, so one could be there and not be seen.
    private volatile boolean any;

    void add(UUID credentialId, long epoch) {
        epochs.merge(credentialId, epoch, Math::max);
        any = true;
    }

    /** True when the decision is older than a cut of the credential or of one that it descends from. */
    boolean cover(Decision decision) {
        if (!any) {
            return false;
        }
        for (Credential link : decision.chain()) {
            @Nullable Long epoch = epochs.get(link.id());
            if (epoch != null && decision.readEpoch() < epoch) {
                return true;
            }
        }
        return false;
    }

    int size() {
        return epochs.size();
    }

    void clear() {
        epochs.clear();
    }
}
