package com.fyvault.limits;

import com.fyvault.support.Interleavings;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** T50: shares that event loops draw on, and who holds them. */
class SharedLeasesTest {
    private static final int CAPACITY = 3;
    private static final Budget BUDGET = new Budget(List.of(new Rule("key", "credential", CAPACITY, 1_000)));

    /** A share: what was in it is taken once. */
    public static class Share {
        private final Lease lease = new Lease(grant(CAPACITY, 0), CAPACITY);

        @Operation
        public long take() {
            return lease.take(0);
        }

        @Operation
        public void putBack() {
            lease.putBack();
        }

        @Operation
        public long drain() {
            return lease.drain();
        }
    }

    /** A meter before a source that grants two at a time and may be slow. */
    public static class Holder implements LeaseSource, Loops {
        private final Meter meter = new Meter(this, this, BUDGET, 0, holding -> {});
        private final List<Promise<Grant>> asked = new ArrayList<>();
        private final List<Future<Charge>> answers = new ArrayList<>();
        private long left = CAPACITY;

        @Operation
        public void ask() {
            if (meter.take() == null) {
                Future<Charge> answer = meter.charge();
                synchronized (answers) {
                    answers.add(answer);
                }
            } else {
                synchronized (answers) {
                    answers.add(Future.succeededFuture(Charge.FREE));
                }
            }
        }

        @Operation
        public void sourceAnswers() {
            List<Promise<Grant>> due;
            synchronized (this) {
                due = List.copyOf(asked);
                asked.clear();
            }
            due.forEach(one -> {
                long amount;
                long rest;
                synchronized (this) {
                    amount = Math.min(2, left);
                    left -= amount;
                    rest = left;
                }
                one.complete(grant(amount, rest));
            });
        }

        @Operation
        public void sweep() {
            boolean _ = meter.sweep(0);
        }

        /** Not more than there was; nobody waits for ever; and what is not used comes back. */
        @Validate
        public void countsRight() {
            for (int i = 0; i < 20; i++) {
                sourceAnswers();
            }
            for (int i = 0; i < 3; i++) {
                sweep();
            }
            long admitted = answers.stream().filter(Future::succeeded).count();
            if (!answers.stream().allMatch(Future::isComplete)) {
                throw new IllegalStateException("somebody waits for ever");
            }
            if (admitted + left != CAPACITY) {
                throw new IllegalStateException(admitted + " admitted and " + left + " left of " + CAPACITY);
            }
        }

        @Override
        public synchronized Future<Grant> lease(Budget budget, long waiting, long wanted) {
            Promise<Grant> one = Promise.promise();
            asked.add(one);
            return one.future();
        }

        @Override
        public synchronized void giveBack(Budget budget, long[] windows, long amount) {
            left += amount;
        }

        @Override
        public long nanoTime() {
            return 0;
        }

        @Override
        public <T> Promise<T> promise() {
            return Promise.promise();
        }
    }

    private static Grant grant(long amount, long left) {
        return new Grant(amount, Long.MAX_VALUE, 0, left, Long.MAX_VALUE, new long[] {1});
    }

    @ParameterizedTest
    @ValueSource(classes = {Share.class, Holder.class})
    void noInterleavingAdmitsTooMuch(Class<?> shared) {
        Interleavings.check(shared);
    }
}
