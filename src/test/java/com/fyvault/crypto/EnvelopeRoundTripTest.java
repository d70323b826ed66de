package com.fyvault.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fyvault.support.Lane;
import com.fyvault.support.SeededRandom;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// T01: what is sealed opens, and every envelope is 94 bytes longer than its value and like no other.
class EnvelopeRoundTripTest {
    private static final int LONGEST = 65_536;

    private final SeededRandom random = new SeededRandom(1);
    private final Envelope envelope = new Envelope(new SecureRandom());

    @Test
    void opensWhatItSealedAndNeverRepeatsItself() {
        int seals = Lane.count(10_000, 100_000);
        Set<String> seen = HashSet.newHashSet(3 * seals);
        byte[] same = random.bytes(64);
        Binding binding = Sample.binding(random);
        OrgKey key = Sample.key(binding, 1, random);
        int unlike94 = 0;
        int unopened = 0;
        for (int i = 0; i < seals; i++) {
            byte[] plain = i % 2 == 0 ? same : random.bytes(length(i));
            byte[] sealed = envelope.seal(key, binding, plain);
            seen.add("wrap nonce " + hex(sealed, 6, 18));
            seen.add("value nonce " + hex(sealed, 66, 78));
            seen.add("value " + hex(Sha256.hash(Arrays.copyOfRange(sealed, 78, sealed.length)), 0, 16));
            unlike94 += sealed.length == plain.length + 94 ? 0 : 1;
            unopened += Arrays.equals(plain, Envelope.open(key, binding, sealed)) ? 0 : 1;
        }
        int repeated = 3 * seals - seen.size();
        int violations = unlike94 + unopened + repeated;
        System.out.printf(
                "T01 round-trip: faults 0, %,d seals, overhead other than 94: %d, repeated nonces or ciphertexts %d,"
                        + " violations %d%n",
                seals, unlike94, repeated, violations);
        assertThat(violations).isZero();
    }

    @Test
    void repeatsNoNonce() {
        int boxes = Lane.count(1_000_000, 10_000_000);
        SecureRandom secure = new SecureRandom();
        AesGcm gcm = AesGcm.current();
        gcm.aad.clear();
        byte[] box = new byte[AesGcm.OVERHEAD];
        long[] heads = new long[boxes];
        for (int i = 0; i < boxes; i++) {
            gcm.seal(gcm.dataKey, secure, Slice.of(new byte[0]), Slice.of(box));
            heads[i] = Fields.readLong(box, 0);
        }
        Arrays.parallelSort(heads);
        int repeated = 0;
        for (int i = 1; i < boxes; i++) {
            repeated += heads[i] == heads[i - 1] ? 1 : 0;
        }
        System.out.printf(
                "T01 nonces: faults 0, %,d boxes, repeated nonces (by their first 8 bytes) %d, violations %d%n",
                boxes, repeated, repeated);
        assertThat(repeated).isZero();
    }

    @Test
    void takesOneMebibyteAndNotAByteMore() {
        Binding binding = Sample.binding(random);
        OrgKey key = Sample.key(binding, 1, random);
        byte[] largest = random.bytes(Envelope.VALUE_LIMIT);
        byte[] sealed = envelope.seal(key, binding, largest);
        assertThat(sealed).hasSize(1_048_576 + 94);
        assertThat(Envelope.open(key, binding, sealed)).isEqualTo(largest);
        assertThatThrownBy(() -> envelope.seal(key, binding, new byte[Envelope.VALUE_LIMIT + 1]))
                .isInstanceOf(IllegalArgumentException.class);
        byte[] pastTheLimit = Arrays.copyOf(sealed, sealed.length + 1);
        assertThatThrownBy(() -> Envelope.open(key, binding, pastTheLimit)).isInstanceOf(SealBroken.class);
    }

    /// Each short length once, then any.
    private int length(int i) {
        return i < 1024 ? i / 2 : random.nextInt(LONGEST + 1);
    }

    private static String hex(byte[] bytes, int from, int to) {
        return HexFormat.of().formatHex(bytes, from, to);
    }
}
