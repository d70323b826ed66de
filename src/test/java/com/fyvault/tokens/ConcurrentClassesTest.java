package com.fyvault.tokens;

import com.fyvault.support.Interleavings;
import java.util.List;
import java.util.UUID;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * T50: classes that event loops share, under every interleaving that Lincheck's model checker finds. Each
 * operation answers whether a rule was broken; one after the other none ever is, so an answer of true is a
 * counterexample.
 */
class ConcurrentClassesTest {
    private static final UUID ORG = new UUID(7, 7);
    private static final UUID KEY = new UUID(1, 1);

    /** What a look-up, a change and a request do to the marks of an organization. */
    public static class Marks {
        private final OrgState org = new OrgState(ORG, 1);
        private final Cuts cuts = new Cuts();
        private volatile long committed = 1;
        private volatile Decision cached = decision(org, 1);

        @Operation
        public void change() {
            long epoch;
            synchronized (this) {
                epoch = committed + 1;
                committed = epoch;
            }
            org.begin(epoch, List.of(KEY), false);
            org.finish(epoch);
        }

        @Operation
        public void changeTooMuchToName() {
            long epoch;
            synchronized (this) {
                epoch = committed + 1;
                committed = epoch;
            }
            org.begin(epoch, List.of(), true);
            org.finish(epoch);
        }

        /** The snapshot is taken here and lands later, if it may. */
        @Operation
        public void fill() {
            Decision read = decision(org, committed);
            synchronized (cuts) {
                if (org.admits(read.readEpoch())) {
                    cached = read;
                }
            }
        }

        /** Whether an epoch is claimed that the decision is too old for. */
        @Operation
        public boolean claimsTooMuch() {
            Decision decision = cached;
            long epoch = org.epoch();
            boolean claimed = cached == decision && org.holds(decision);
            return claimed && decision.readEpoch() < epoch;
        }
    }

    /** Cuts as a change and a request use them. */
    public static class Cut {
        private final Cuts cuts = new Cuts();
        private final OrgState org = new OrgState(ORG, 1);
        private volatile long newest = 1;

        @Operation
        public void cut() {
            cuts.add(KEY, 2);
            newest = 2;
        }

        @Operation
        public boolean missesACut() {
            long seen = newest;
            return !cuts.cover(decision(org, 1)) && seen > 1;
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {Marks.class, Cut.class})
    void noInterleavingBreaksARule(Class<?> shared) {
        Interleavings.check(shared);
    }

    private static Decision decision(OrgState org, long readEpoch) {
        Credential key = WideKey.of(ORG, KEY, new TokenHash(1, 1, 1, 1));
        return new Decision(org, new CredentialStore.Found(List.of(key), Standing.FULL, readEpoch, 0));
    }
}
