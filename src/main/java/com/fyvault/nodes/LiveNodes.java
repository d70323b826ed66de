package com.fyvault.nodes;

import java.util.function.IntSupplier;

/** How many nodes are alive, this one included, as the last heartbeat found; at least one. */
public final class LiveNodes implements IntSupplier {
    private volatile int nodes = 1;

    void set(int seen) {
        nodes = Math.max(1, seen);
    }

    @Override
    public int getAsInt() {
        return nodes;
    }
}
