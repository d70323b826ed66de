package com.fyvault.platform.http;

import java.util.concurrent.atomic.AtomicLong;

/** The memory that request bodies of this node may take together. What is taken is given back when its request has been answered. */
public final class BodyBudget {
    private final long most;
    private final AtomicLong taken = new AtomicLong();

    /** @param mostBytes for all bodies together */
    public BodyBudget(long mostBytes) {
        this.most = mostBytes;
    }

    /** True when there is room for so many bytes now; nothing is kept for them. */
    boolean hasRoom(long bytes) {
        return taken.get() + bytes <= most;
    }

    /** Takes so many bytes; false, and nothing taken, when there is no room. */
    boolean take(long bytes) {
        if (taken.addAndGet(bytes) > most) {
            give(bytes);
            return false;
        }
        return true;
    }

    void give(long bytes) {
        taken.addAndGet(-bytes);
    }
}
