package com.fyvault.platform.async;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One load a key at a time, and none older than who asks for it: those who ask while one is under way share the next,
 * each on their own event loop. However many ask, two loads answer them. Where a load fails, so does the one that waits
 * for it: a store that does not answer is waited for once.
 */
public final class NextFlight<K, T> {
    private final Supplier<Promise<T>> promises;
    /** The youngest of each key. */
    private final ConcurrentHashMap<K, Flight<T>> flights = new ConcurrentHashMap<>();

    private static final class Flight<T> {
        final Promise<T> landing = Promise.promise();

        @Nullable
        Flight<T> before;
        /** Written under the lock of the key, and never back. */
        boolean left;
    }

    public NextFlight(Vertx vertx) {
        this(() -> ((ContextInternal) vertx.getOrCreateContext()).promise());
    }

    /** @param promises each kept on the event loop of who asks for it */
    NextFlight(Supplier<Promise<T>> promises) {
        this.promises = promises;
    }

    /** The answer of a load that begins after this was asked. */
    public Future<T> run(K key, Supplier<Future<T>> load) {
        Flight<T> mine = new Flight<>();
        boolean[] joined = new boolean[1];
        Flight<T> taken = flights.compute(key, (same, youngest) -> {
            joined[0] = youngest != null && !youngest.left;
            if (youngest != null && !youngest.left) {
                return youngest;
            }
            mine.before = youngest;
            mine.left = youngest == null;
            return mine;
        });
        if (!joined[0]) {
            follow(key, mine, load);
        }
        return here(taken.landing.future());
    }

    private void follow(K key, Flight<T> mine, Supplier<Future<T>> load) {
        @Nullable Flight<T> before = mine.before;
        mine.before = null;
        if (before == null) {
            fly(key, mine, load);
            return;
        }
        before.landing.future().onComplete(done -> {
            flights.computeIfPresent(key, (same, youngest) -> {
                mine.left = true;
                return youngest;
            });
            fly(key, mine, done.succeeded() ? load : () -> Future.failedFuture(done.cause()));
        });
    }

    private void fly(K key, Flight<T> mine, Supplier<Future<T>> load) {
        Future<T> started;
        try {
            started = load.get();
        } catch (RuntimeException failure) {
            started = Future.failedFuture(failure);
        }
        started.onComplete(done -> {
            flights.remove(key, mine);
            mine.landing.handle(done);
        });
    }

    private Future<T> here(Future<T> anywhere) {
        Promise<T> promise = promises.get();
        anywhere.onComplete(promise::handle);
        return promise.future();
    }
}
