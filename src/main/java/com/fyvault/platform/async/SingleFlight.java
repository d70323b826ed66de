package com.fyvault.platform.async;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One load a key at a time: those who ask meanwhile share its answer, each on their own event loop. */
public final class SingleFlight<K, T extends @Nullable Object> {
    private final Supplier<Promise<T>> promises;
    private final ConcurrentHashMap<K, Future<T>> flights = new ConcurrentHashMap<>();

    public SingleFlight(Vertx vertx) {
        this(() -> ((ContextInternal) vertx.getOrCreateContext()).promise());
    }

    /** @param promises each kept on the event loop of who asks for it */
    SingleFlight(Supplier<Promise<T>> promises) {
        this.promises = promises;
    }

    /** The answer of the load that is under way for the key, or of this one. */
    public Future<T> run(K key, Supplier<Future<T>> load) {
        Promise<T> mine = Promise.promise();
        @Nullable Future<T> theirs = flights.putIfAbsent(key, mine.future());
        if (theirs != null) {
            return here(theirs);
        }
        Future<T> started;
        try {
            started = load.get();
        } catch (RuntimeException failure) {
            started = Future.failedFuture(failure);
        }
        started.onComplete(done -> {
            flights.remove(key, mine.future());
            mine.handle(done);
        });
        return here(mine.future());
    }

    private Future<T> here(Future<T> anywhere) {
        Promise<T> promise = promises.get();
        anywhere.onComplete(promise::handle);
        return promise.future();
    }
}
