package com.fyvault.tokens;

import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Credentials and owners whose authority was changed, each with the epoch of that. What was decided before, on
 * the credential, on any that descends from it or on any of the owner's, is no longer good: so a change of a key costs the same
 * whatever is below it, and none of that needs to be found.
 */
final class Cuts {
    private final ConcurrentHashMap<UUID, Long> epochs = new ConcurrentHashMap<>();
    // Not epochs.isEmpty(): the map counts an entry after it has put it in, so one could be there and not be seen.
    private volatile boolean any;

    void add(UUID ground, long epoch) {
        epochs.merge(ground, epoch, Math::max);
        any = true;
    }

    /** True when the decision is older than a cut of what it rests on. */
    boolean cover(Decision decision) {
        return any && decision.isCutBy(epochs::get);
    }

    int size() {
        return epochs.size();
    }

    void clear() {
        epochs.clear();
    }
}
