package com.fyvault.limits;

import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;

/** The event loops that requests come on, and their monotonic clock. A simulation brings its own. */
interface Loops {
    /** Those of the server. */
    static Loops of(Vertx vertx) {
        return new Loops() {
            @Override
            public long nanoTime() {
                return System.nanoTime();
            }

            @Override
            public <T> Promise<T> promise() {
                return ((ContextInternal) vertx.getOrCreateContext()).promise();
            }
        };
    }

    /** As {@link System#nanoTime}. */
    long nanoTime();

    /** A promise that is kept on the caller's event loop. */
    <T> Promise<T> promise();
}
