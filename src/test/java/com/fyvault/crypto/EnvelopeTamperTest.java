package com.fyvault.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.SeededRandom;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// T02: whatever is changed in an envelope, it is refused, by one error that does not say why.
class EnvelopeTamperTest {
    private static final int ENVELOPES = 100;

    private final SeededRandom random = new SeededRandom(2);
    private final Envelope envelope = new Envelope(random);
    private final Binding binding = Sample.binding(random);
    private final OrgKey key = Sample.key(binding, 7, random);
    private final Map<String, Integer> kinds = new HashMap<>();
    private int mutations;
    private int accepted;
    private int leftOver;

    @Test
    void refusesAnyFlippedBit() {
        for (int i = 0; i < ENVELOPES; i++) {
            byte[] sealed = envelope.seal(key, binding, random.bytes(i));
            for (int bit = 0; bit < 8 * sealed.length; bit++) {
                byte[] changed = sealed.clone();
                changed[bit / 8] ^= (byte) (1 << bit % 8);
                tryToOpen(changed);
            }
        }
        report("T02 bit flips");
    }

    @Test
    void refusesAnyTruncationAndExtension() {
        for (int i = 0; i < ENVELOPES; i++) {
            byte[] sealed = envelope.seal(key, binding, random.bytes(i));
            for (int length = 0; length <= sealed.length + 32; length++) {
                if (length != sealed.length) {
                    tryToOpen(Arrays.copyOf(sealed, length));
                }
            }
        }
        report("T02 lengths");
    }

    @Test
    void leavesNothingOfALargeRefusedValue() {
        byte[] sealed = envelope.seal(key, binding, random.bytes(Envelope.VALUE_LIMIT));
        for (int at = Envelope.HEAD_LENGTH; at < sealed.length; at += 100_003) {
            byte[] changed = sealed.clone();
            changed[at] ^= 1;
            tryToOpen(changed);
        }
        assertThat(accepted + leftOver).isZero();
    }

    @Test
    void refusesRandomBytes() {
        for (int i = 0; i < 10_000; i++) {
            byte[] junk = random.bytes(random.nextInt(300));
            if (junk.length > 6 && i % 2 == 0) {
                System.arraycopy(new byte[] {1, 1, 0, 0, 0, 7}, 0, junk, 0, 6);
            }
            tryToOpen(junk);
        }
        report("T02 junk");
    }

    private void tryToOpen(byte[] changed) {
        mutations++;
        ByteBuffer target = ByteBuffer.allocate(changed.length);
        try {
            assertThat(Envelope.openInto(key, binding, changed, target)).isNotNegative();
            accepted++;
        } catch (SealBroken e) {
            boolean bare = e.getStackTrace().length == 0 && e.getCause() == null && e.getSuppressed().length == 0;
            kinds.merge(e.getMessage() + (bare ? "" : " and says more"), 1, Integer::sum);
        }
        boolean clean = target.position() == 0 && Arrays.equals(target.array(), new byte[changed.length]);
        leftOver += clean ? 0 : 1;
    }

    private void report(String name) {
        System.out.printf(
                "%s: faults %,d, %,d opens, kinds of error %d, violations %d%n",
                name, mutations, mutations, kinds.size(), accepted + leftOver);
        assertThat(mutations).isGreaterThanOrEqualTo(10_000);
        assertThat(accepted).isZero();
        assertThat(leftOver).isZero();
        assertThat(kinds).containsOnly(Map.entry("the seal is broken", mutations));
    }
}
