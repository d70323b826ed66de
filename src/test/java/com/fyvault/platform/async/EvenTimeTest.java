package com.fyvault.platform.async;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fyvault.support.TestServer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class EvenTimeTest {
    private static final Duration TIME = Duration.ofMillis(60);

    private static Vertx vertx;

    @BeforeAll
    static void open() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void close() {
        TestServer.await(vertx.close());
    }

    private static <T> Future<T> evenly(Supplier<Future<T>> work) {
        Promise<T> promise = Promise.promise();
        vertx.runOnContext(go -> EvenTime.atLeast(TIME, work).onComplete(promise));
        return promise.future();
    }

    @Test
    void whatIsDoneAtOnceIsAnsweredLater() {
        long began = System.nanoTime();
        assertThat(TestServer.await(evenly(() -> Future.succeededFuture("done"))))
                .isEqualTo("done");
        assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(TIME.toNanos() - TimeUnit.MILLISECONDS.toNanos(2));
    }

    @Test
    void soIsAFailureThrownOrReturned() {
        for (Supplier<Future<String>> work : java.util.List.<Supplier<Future<String>>>of(
                () -> Future.failedFuture(new IllegalStateException("no")), () -> {
                    throw new IllegalStateException("no");
                })) {
            long began = System.nanoTime();
            assertThatThrownBy(() -> TestServer.await(evenly(work))).hasMessageContaining("no");
            assertThat(System.nanoTime() - began)
                    .isGreaterThanOrEqualTo(TIME.toNanos() - TimeUnit.MILLISECONDS.toNanos(2));
        }
    }

    @Test
    void whatTakesLongerIsNotKeptWaiting() {
        Promise<String> slow = Promise.promise();
        Future<String> answered = evenly(slow::future);
        vertx.setTimer(3 * TIME.toMillis(), late -> slow.complete("late"));
        assertThat(TestServer.await(answered)).isEqualTo("late");
    }
}
