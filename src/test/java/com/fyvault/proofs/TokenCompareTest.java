package com.fyvault.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.crypto.ConstantTime;
import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import com.fyvault.support.SeededRandom;
import com.fyvault.support.Welch;
import com.fyvault.tokens.TokenHash;
import java.util.Locale;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.Test;

/**
 * T40: how long it takes to compare a token's hash does not tell where it is wrong. The measure is proved by a
 * comparison that gives it away. Judged in the full lane only: another process on the machine shifts such figures.
 */
class TokenCompareTest {
    private static final int RUNS = 3;
    private static final int BATCH = 64;
    /** What was computed has to go somewhere, or it is not computed. */
    private long found;

    private final SeededRandom random = new SeededRandom(40);

    /** As a comparison is written by one who does not think of it. */
    private static boolean early(byte[] left, byte[] right) {
        for (int i = 0; i < left.length; i++) {
            if (left[i] != right[i]) {
                return false;
            }
        }
        return true;
    }

    @Test
    void theFirstByteAndTheLastTakeAsLong() {
        int checks = Lane.count(20_000, 1_000_000);
        double bytes = worst(checks, ConstantTime::equal);
        double hashes = worstHash(checks);
        double planted = Math.abs(run(checks, TokenCompareTest::early).t());
        boolean told = bytes >= 4.5 || hashes >= 4.5 || planted <= 10;
        Figures.print(new Figures.Line(
                "T40",
                "token compare, first or last byte wrong",
                1,
                7L * checks,
                told && Lane.isFull() ? 1 : 0,
                String.format(
                        Locale.ROOT,
                        "worst |t| bytes=%.2f hashes=%.2f planted=%.2f%s",
                        bytes,
                        hashes,
                        planted,
                        Lane.isFull() ? "" : " (not judged)")));
        if (Lane.isFull()) {
            assertThat(bytes).isLessThan(4.5);
            assertThat(hashes).isLessThan(4.5);
            assertThat(planted).isGreaterThan(10);
        }
        assertThat(found).as("wrong hashes that were taken for right").isZero();
        assertThat(ConstantTime.equal(new byte[32], new byte[32])).isTrue();
    }

    private double worst(int checks, BiPredicate<byte[], byte[]> equal) {
        double worst = 0;
        for (int i = 0; i < RUNS; i++) {
            worst = Math.max(worst, Math.abs(run(checks, equal).t()));
        }
        return worst;
    }

    /** Batches of either kind in random order; one compare is shorter than the clock is fine. */
    private Welch run(int checks, BiPredicate<byte[], byte[]> equal) {
        byte[] right = random.bytes(32);
        byte[] first = right.clone();
        first[0] ^= 1;
        byte[] last = right.clone();
        last[31] ^= 1;
        int batches = checks / BATCH / 2;
        long[][] times = new long[2][batches];
        int[] at = new int[2];
        while (at[0] < batches || at[1] < batches) {
            int kind = random.nextInt(2);
            if (at[kind] == batches) {
                kind = 1 - kind;
            }
            byte[] wrong = kind == 0 ? first : last;
            long start = System.nanoTime();
            int same = 0;
            for (int i = 0; i < BATCH; i++) {
                same += equal.test(right, wrong) ? 1 : 0;
            }
            times[kind][at[kind]++] = System.nanoTime() - start;
            found += same;
        }
        return Welch.of(times[0], times[1]);
    }

    private double worstHash(int checks) {
        return worst(checks, (left, right) -> TokenHash.of(left).equals(TokenHash.of(right)));
    }
}
