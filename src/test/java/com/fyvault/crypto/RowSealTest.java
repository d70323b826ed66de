package com.fyvault.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fyvault.support.SeededRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RowSealTest {
    private static final UUID ID = new UUID(1, 2);
    private static final Instant TIME = Instant.parse("2026-11-21T10:00:00.123456Z");

    private final MacKey key = MacKey.take(new SeededRandom(10).bytes(32));
    private final RowSeal seals = new RowSeal(key);

    @Test
    void verifiesTheRowThatWasSealedAndNoOther() {
        byte[] seal = row().add("extra").seal();
        assertThat(row().add("extra").verify(seal)).isTrue();
        assertThat(row().add("extra").add((String) null).verify(seal)).isFalse();
        assertThat(row().verify(seal)).isFalse();
        for (int bit = 0; bit < 256; bit++) {
            byte[] changed = seal.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(row().add("extra").verify(changed)).isFalse();
        }
        assertThat(row().add("extra").verify(new byte[0])).isFalse();
    }

    /// Each of these would be another's twin if a kind, a length or an order were left out of the encoding.
    @Test
    void rowsThatDifferInAnythingHaveSealsThatDiffer() {
        List<RowSeal.Row> rows = new ArrayList<>(List.of(
                seals.fields("a"),
                seals.fields("b"),
                seals.fields("a").add("b"),
                seals.fields("ab"),
                seals.fields("a").add("b").add("c"),
                seals.fields("a").add("bc"),
                seals.fields("a").add("c").add("b"),
                seals.fields("a").add(List.of("b")),
                seals.fields("a").add(List.of("b", "c")),
                seals.fields("a").add(List.of("bc")),
                seals.fields("a").add(List.of("b")).add(List.of("c")),
                seals.fields("a").add(List.of()),
                seals.fields("a").add(""),
                seals.fields("a").add("\0\0\0\0"),
                seals.fields("a").add(new byte[0]),
                seals.fields("a").add(new byte[16]),
                seals.fields("a").add((String) null),
                seals.fields("a").add((UUID) null).add((UUID) null),
                seals.fields("a").add(0L),
                seals.fields("a").add(1L),
                seals.fields("a").add(new byte[8]),
                seals.fields("a").add(true),
                seals.fields("a").add(false),
                seals.fields("a").add(new UUID(0, 0)),
                seals.fields("a").add(ID),
                seals.fields("a").add(TIME),
                seals.fields("a").add(TIME.plusNanos(1000)),
                seals.fields("a").add(1_000_000 * TIME.getEpochSecond() + 123_456)));
        Set<String> distinct = new HashSet<>();
        rows.forEach(row ->
                assertThat(distinct.add(HexFormat.of().formatHex(row.seal()))).isTrue());
        System.out.printf("P-row-seal: faults %d, %d rows, violations 0%n", rows.size(), rows.size());
    }

    @Test
    void nullIsTheSameWhateverItIsTheNullOf() {
        byte[] seal = seals.fields("a").add((String) null).seal();
        assertThat(seals.fields("a").add((UUID) null).verify(seal)).isTrue();
        assertThat(seals.fields("a").add((Instant) null).verify(seal)).isTrue();
        assertThat(seals.fields("a").add((Long) null).verify(seal)).isTrue();
        assertThat(seals.fields("a").add((byte[]) null).verify(seal)).isTrue();
        assertThat(seals.fields("a").add((List<String>) null).verify(seal)).isTrue();
    }

    @Test
    void timesSealToTheMicrosecondAsTheDatabaseKeepsThem() {
        byte[] seal = seals.fields("a").add(TIME.plusNanos(999)).seal();
        assertThat(seals.fields("a").add(TIME).verify(seal)).isTrue();
        byte[] early =
                seals.fields("a").add(Instant.parse("1969-12-31T23:59:59.9Z")).seal();
        assertThat(seals.fields("a")
                        .add(Instant.parse("1969-12-31T23:59:59.9Z"))
                        .verify(early))
                .isTrue();
    }

    @Test
    void anotherKeyDoesNotVerify() {
        RowSeal others = new RowSeal(MacKey.take(new SeededRandom(11).bytes(32)));
        assertThat(others.fields("a").verify(seals.fields("a").seal())).isFalse();
    }

    @Test
    void growsForALongRowUpToItsLimit() {
        assertThat(seals.fields("a").add("x".repeat(100_000)).seal()).hasSize(32);
        RowSeal.Row row = seals.fields("a");
        assertThatThrownBy(() -> row.add(new byte[Fields.LIMIT])).isInstanceOf(IllegalArgumentException.class);
    }

    private RowSeal.Row row() {
        return seals.fields("credential")
                .add(ID)
                .add(42)
                .add("name")
                .add(List.of("SECRETS_READ", "SECRETS_WRITE"))
                .add(TIME)
                .add(true);
    }
}
