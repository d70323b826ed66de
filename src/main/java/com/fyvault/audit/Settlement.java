package com.fyvault.audit;

import io.vertx.core.Promise;

/** What waits for a record. Told on the gate's event loop, exactly once unless it fails while being told. */
public interface Settlement {
    void settled(Verdict verdict);

    void failed(Throwable failure);

    /** Passes what it is told to a promise. */
    static Settlement of(Promise<Verdict> promise) {
        return new Settlement() {
            @Override
            public void settled(Verdict verdict) {
                promise.complete(verdict);
            }

            @Override
            public void failed(Throwable failure) {
                boolean _ = promise.tryFail(failure);
            }
        };
    }
}
