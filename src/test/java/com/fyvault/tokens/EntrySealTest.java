package com.fyvault.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.crypto.MacKey;
import com.fyvault.crypto.SubKeys;
import com.fyvault.support.Figures;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** An entry is believed under the token that it was written for, with the key of its installation, to the bit. */
class EntrySealTest {
    private static final int FUZZED = 100_000;

    private final MadeUpSnapshots snapshots = new MadeUpSnapshots(18);
    private final EntrySeal seal = new EntrySeal(key(1));

    @Test
    void whatIsSealedOpens() {
        for (int i = 0; i < 1_000; i++) {
            CredentialStore.Found found = snapshots.found();
            byte[] content = seal.content(hash(found), seal.seal(hash(found), found));
            assertThat(content).isNotNull();
            assertThat(seal.open(hash(found), content)).isEqualTo(found);
        }
    }

    @Test
    void anEntryHoldsNoHashAndItsNameIsNone() {
        CredentialStore.Found found = snapshots.found();
        TokenHash hash = hash(found);
        byte[] entry = seal.seal(hash, found);
        List<TokenHash> hashes = found.chain().stream()
                .flatMap(link -> Stream.of(link.hash(), link.parentToken()))
                .toList();
        assertThat(hashes).hasSizeGreaterThan(2);
        for (TokenHash secret : hashes) {
            assertThat(RedisEntries.holds(entry, secret.toBytes())).isFalse();
            assertThat(seal.name(secret)).isNotEqualTo(secret.toBytes());
        }
        // The search would find one that is there.
        assertThat(RedisEntries.holds(
                        FoundCodec.encode(found, slot -> new TokenHash(0, 0, 0, 0)),
                        found.chain().get(1).hash().toBytes()))
                .isTrue();
    }

    @Test
    void anEntryOfAnotherTokenOrAnotherRootIsNotBelieved() {
        CredentialStore.Found found = snapshots.found();
        byte[] entry = seal.seal(hash(found), found);
        assertThat(seal.content(hash(found), entry)).isNotNull();
        assertThat(seal.content(snapshots.hash(), entry)).isNull();
        assertThat(new EntrySeal(key(2)).content(hash(found), entry)).isNull();
    }

    @Test
    void whatIsTooShortOrTooLongIsNotBelieved() {
        for (int length : new int[] {0, 1, MacKey.MAC_LENGTH, MacKey.MAC_LENGTH + 1, EntrySeal.MOST_BYTES + 1}) {
            assertThat(seal.content(snapshots.hash(), new byte[length])).isNull();
        }
    }

    @Test
    void noMutatedEntryIsBelieved() {
        CredentialStore.Found found = snapshots.found();
        int believed = 0;
        int exceptions = 0;
        for (int i = 0; i < FUZZED; i++) {
            found = i % 100 == 0 ? snapshots.found() : found;
            byte[] mutated = snapshots.mutated(seal.seal(hash(found), found));
            try {
                believed += seal.content(hash(found), mutated) == null ? 0 : 1;
            } catch (RuntimeException broken) {
                exceptions++;
            }
        }
        Figures.print(new Figures.Line(
                "T17",
                "mutated entries",
                FUZZED,
                FUZZED,
                believed + exceptions,
                "believed=" + believed + " exceptions=" + exceptions));
        assertThat(believed).isZero();
        assertThat(exceptions).isZero();
    }

    private static TokenHash hash(CredentialStore.Found found) {
        return found.chain().get(0).hash();
    }

    private static MacKey key(int seed) {
        byte[] root = new byte[32];
        root[0] = (byte) seed;
        return SubKeys.derive(root).cacheMac();
    }
}
