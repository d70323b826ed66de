package com.fyvault.platform.async;

import com.fyvault.support.Interleavings;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/** T50: look-ups that event loops share. */
class SingleFlightTest {
    /** Asks for one key, while the store may answer later. */
    public static class Lookups {
        private final SingleFlight<String, Integer> flights = new SingleFlight<>(Promise::promise);
        private final AtomicInteger underWay = new AtomicInteger();
        private final List<Promise<Integer>> loads = new ArrayList<>();
        private final List<Future<Integer>> answers = new ArrayList<>();

        /** Whether a second load of the key began while one was under way. */
        @Operation
        public boolean loadsTwice() {
            boolean[] twice = new boolean[1];
            Future<Integer> answer = flights.run("key", () -> {
                twice[0] = underWay.incrementAndGet() > 1;
                Promise<Integer> load = Promise.promise();
                synchronized (loads) {
                    loads.add(load);
                }
                return load.future();
            });
            synchronized (answers) {
                answers.add(answer);
            }
            return twice[0];
        }

        @Operation
        public void storeAnswers() {
            List<Promise<Integer>> due;
            synchronized (loads) {
                due = List.copyOf(loads);
                loads.clear();
            }
            due.forEach(load -> {
                underWay.decrementAndGet();
                load.complete(1);
            });
        }

        /** Who asked has an answer when the store has given all of its own. */
        @Validate
        public void everybodyIsAnswered() {
            storeAnswers();
            if (!answers.stream().allMatch(Future::isComplete)) {
                throw new IllegalStateException("somebody waits for ever");
            }
        }
    }

    @Test
    void noInterleavingLoadsTwiceOrForgetsAnybody() {
        Interleavings.check(Lookups.class);
    }
}
