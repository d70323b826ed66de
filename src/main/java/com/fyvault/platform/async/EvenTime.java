package com.fyvault.platform.async;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;

/** Hides how long something took, where the time would tell what the answer does not. */
public final class EvenTime {
    private EvenTime() {}

    /**
     * Does the work and answers, well or badly, no earlier than the time after the beginning. What takes longer than that
     * still tells: the time has to be well above what the work needs.
     */
    public static <T> Future<T> atLeast(Duration time, Supplier<Future<T>> work) {
        // Begun first, so that it ends at a moment that the work has no part in.
        Future<?> over = Objects.requireNonNull(Vertx.currentContext(), "on no event loop")
                .owner()
                .timer(time.toMillis());
        Future<T> done = Future.succeededFuture().compose(begun -> work.get());
        return done.transform(result -> over.transform(waited ->
                result.succeeded() ? Future.succeededFuture(result.result()) : Future.failedFuture(result.cause())));
    }
}
