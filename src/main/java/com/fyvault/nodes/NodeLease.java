package com.fyvault.nodes;

import java.util.function.LongSupplier;

/**
 * Until when others wait for this node. A revocation waits for the nodes whose last heartbeat is
 * {@link Nodes#LIVE} old at most, by the store's clock; so a node must release nothing later than that
 * after it sent its last one, or it would after a revocation that had given it up for dead.
 */
public final class NodeLease implements LongSupplier {
    private volatile long until = System.nanoTime();

    /** A heartbeat was written, that was sent at this moment of {@link System#nanoTime()}. */
    void renewed(long sentAt) {
        until = sentAt + Nodes.LIVE.toNanos();
    }

    @Override
    public long getAsLong() {
        return until;
    }
}
