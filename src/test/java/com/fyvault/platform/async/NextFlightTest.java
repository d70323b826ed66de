package com.fyvault.platform.async;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Interleavings;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/** Loads that those who ask at once share. */
class NextFlightTest {
    /** Asks for one key, while the store may answer later. */
    public static class Loads {
        private final NextFlight<String, Integer> flights = new NextFlight<>(Promise::promise);
        private final AtomicInteger begun = new AtomicInteger();
        private final AtomicInteger underWay = new AtomicInteger();
        private final AtomicBoolean wrong = new AtomicBoolean();
        private final List<Promise<Integer>> loads = new ArrayList<>();
        private final List<Future<Integer>> answers = new ArrayList<>();

        @Operation
        public void asks() {
            int before = begun.get();
            Future<Integer> answer = flights.run("key", () -> {
                int number = begun.incrementAndGet();
                note(underWay.incrementAndGet() > 1);
                Promise<Integer> load = Promise.promise();
                synchronized (loads) {
                    loads.add(load);
                }
                return load.future().map(number);
            });
            var _ = answer.onSuccess(number -> note(number <= before));
            synchronized (answers) {
                answers.add(answer);
            }
        }

        @Operation
        public void storeAnswers() {
            due().forEach(load -> {
                underWay.decrementAndGet();
                load.complete(0);
            });
        }

        /** Who asked has an answer when the store has given all of its own: none older than the asking, none of two at once. */
        @Validate
        public void everybodyIsAnswered() {
            while (!loads.isEmpty()) {
                storeAnswers();
            }
            if (wrong.get() || !answers.stream().allMatch(Future::isComplete)) {
                throw new IllegalStateException("somebody waits for ever, or has an answer that is too old");
            }
        }

        private void note(boolean isWrong) {
            if (isWrong) {
                wrong.set(true);
            }
        }

        private List<Promise<Integer>> due() {
            synchronized (loads) {
                List<Promise<Integer>> due = List.copyOf(loads);
                loads.clear();
                return due;
            }
        }
    }

    private final NextFlight<String, Integer> flights = new NextFlight<>(Promise::promise);
    private final List<Promise<Integer>> loads = new ArrayList<>();

    private Future<Integer> ask(String key) {
        return flights.run(key, () -> {
            Promise<Integer> load = Promise.promise();
            loads.add(load);
            return load.future();
        });
    }

    @Test
    void noInterleavingLoadsTwiceGivesWhatIsTooOldOrForgetsAnybody() {
        Interleavings.check(Loads.class);
    }

    @Test
    void twoLoadsAnswerHoweverManyAsk() {
        Future<Integer> first = ask("key");
        List<Future<Integer>> others = List.of(ask("key"), ask("key"), ask("key"));
        Future<Integer> elsewhere = ask("other");
        assertThat(loads).hasSize(2);
        loads.get(0).complete(1);
        assertThat(first.result()).isEqualTo(1);
        assertThat(loads).hasSize(3);
        assertThat(others).noneMatch(Future::isComplete);
        loads.get(2).complete(2);
        assertThat(others).allMatch(answer -> answer.result() == 2);
        assertThat(elsewhere.isComplete()).isFalse();
        // Nothing is kept.
        var _ = ask("key");
        assertThat(loads).hasSize(4);
    }

    @Test
    void whoWaitsForALoadThatFailsFailsWithItAndTheNextBegins() {
        Future<Integer> first = ask("key");
        Future<Integer> second = ask("key");
        loads.get(0).fail("away");
        assertThat(first.failed()).isTrue();
        assertThat(second.failed()).isTrue();
        Future<Integer> third = ask("key");
        loads.get(1).complete(3);
        assertThat(third.result()).isEqualTo(3);
        Future<Integer> thrown = flights.run("key", () -> {
            throw new IllegalStateException("at once");
        });
        assertThat(thrown.failed()).isTrue();
        assertThat(ask("key").isComplete()).isFalse();
        assertThat(loads).hasSize(3);
    }
}
