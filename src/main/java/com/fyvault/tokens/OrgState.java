package com.fyvault.tokens;

import java.util.List;
import java.util.UUID;

/**
 * What this node knows of an organization's authority. Three marks, raised in this order while a
 * change is applied: {@code newest} refuses fills that were read before it, {@code floor} disowns
 * every older entry when too much changed to name, then the changed entries are evicted or cut, and last
 * {@link #epoch} says that it is done. So an entry that is still there after reading the epoch is
 * good at that epoch.
 */
public final class OrgState {
    private static final int MOST_CUTS = 1_000;

    private final UUID orgId;
    private final String orgText;
    private final Cuts cuts = new Cuts();
    private volatile long newest;
    private volatile long floor;
    private volatile long epoch;

    OrgState(UUID orgId, long epoch) {
        this.orgId = orgId;
        this.orgText = orgId.toString();
        this.newest = epoch;
        this.epoch = epoch;
    }

    public UUID orgId() {
        return orgId;
    }

    /** The id as it stands in paths. */
    public String orgText() {
        return orgText;
    }

    /** The auth_epoch up to which every change has been applied to this node's cache. */
    public long epoch() {
        return epoch;
    }

    /** True when this node has applied every change up to this epoch, and knows of none after it. */
    boolean isAt(long readEpoch) {
        return readEpoch == epoch && readEpoch == newest;
    }

    boolean admits(long readEpoch) {
        return readEpoch >= newest;
    }

    /** The floor is read last: it rises before the cuts that it replaces go. */
    boolean holds(Decision decision) {
        return !cuts.cover(decision) && decision.readEpoch() >= floor;
    }

    synchronized void begin(long to, List<UUID> cut, boolean forgetAll) {
        newest = Math.max(newest, to);
        if (forgetAll || cuts.size() + cut.size() > MOST_CUTS) {
            floor = newest;
            cuts.clear();
        } else {
            cut.forEach(id -> cuts.add(id, to));
        }
    }

    synchronized void finish(long to) {
        epoch = Math.max(epoch, to);
    }
}
