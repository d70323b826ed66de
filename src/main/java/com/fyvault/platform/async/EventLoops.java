package com.fyvault.platform.async;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The event loops that answer requests. A loop does one thing at a time, so a task put at its end
 * runs after whatever it was in the middle of: when {@link #passed} is done, an answer that had got
 * by a check before the call has been written, and every later one makes the check again.
 */
public final class EventLoops {
    private final List<Context> loops = new CopyOnWriteArrayList<>();

    /** Adds the loop of a listener. */
    public void add(Context loop) {
        loops.add(loop);
    }

    /** Removes it when the listener is gone. */
    public void remove(Context loop) {
        loops.remove(loop);
    }

    /** Done when every loop has finished what it was doing. */
    public Future<Void> passed() {
        List<Future<Void>> all = new ArrayList<>();
        for (Context loop : loops) {
            Promise<Void> promise = Promise.promise();
            loop.runOnContext(go -> promise.complete());
            all.add(promise.future());
        }
        return Future.all(all).mapEmpty();
    }
}
