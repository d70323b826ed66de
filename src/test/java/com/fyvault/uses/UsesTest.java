package com.fyvault.uses;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The uses of a node that are not written yet. */
class UsesTest {
    private static final UUID ORG = new UUID(1, 1);
    private static final long SECOND = 1_000_000;

    private static UUID id(int number) {
        return new UUID(2, number);
    }

    private static List<Long> times(Uses uses) {
        return uses.take().stream().map(Use::atMicros).toList();
    }

    @Test
    void keepTheLatestOfEachAndForgetWhatWasTaken() {
        Uses uses = new Uses(100);
        uses.noteCredential(ORG, id(1), 10 * SECOND);
        uses.noteSecret(ORG, id(1), 12 * SECOND);
        uses.noteCredential(ORG, id(1), 14 * SECOND);
        uses.noteCredential(ORG, id(1), 11 * SECOND);
        assertThat(uses.take())
                .containsExactly(
                        new Use(new Use.Subject(Use.Kind.SECRET, ORG, id(1)), 12 * SECOND),
                        new Use(new Use.Subject(Use.Kind.CREDENTIAL, ORG, id(1)), 14 * SECOND));
        assertThat(uses.take()).isEmpty();
    }

    @Test
    void takeAUseOfTheSameSecondForTheSame() {
        Uses uses = new Uses(100);
        uses.noteCredential(ORG, id(1), 10 * SECOND);
        uses.noteCredential(ORG, id(1), 11 * SECOND - 1);
        assertThat(times(uses)).containsExactly(10 * SECOND);
        uses.noteCredential(ORG, id(1), 10 * SECOND);
        uses.noteCredential(ORG, id(1), 11 * SECOND);
        assertThat(times(uses)).containsExactly(11 * SECOND);
    }

    @Test
    void areBoundedAndSayWhenTheyAreCrowded() {
        AtomicInteger told = new AtomicInteger();
        Uses uses = new Uses(100);
        uses.onCrowded(told::incrementAndGet);
        IntStream.range(0, 75).forEach(i -> uses.noteSecret(ORG, id(i), SECOND));
        assertThat(told).hasValue(0);
        uses.noteSecret(ORG, id(75), SECOND);
        assertThat(told).hasValue(1);
        IntStream.range(76, 100).forEach(i -> uses.noteSecret(ORG, id(i), SECOND));
        assertThat(uses.lost()).isZero();
        uses.noteSecret(ORG, id(100), SECOND);
        uses.noteSecret(ORG, id(0), 9 * SECOND);
        assertThat(uses.lost()).isEqualTo(1);
        assertThat(uses.size()).isEqualTo(100);
        assertThat(times(uses)).hasSize(100).contains(9 * SECOND);
    }

    @Test
    void takeBackWhatWasNotWrittenUnlessThereIsALaterOne() {
        Uses uses = new Uses(100);
        uses.noteSecret(ORG, id(1), 10 * SECOND);
        uses.noteSecret(ORG, id(2), 10 * SECOND);
        List<Use> taken = uses.take();
        uses.noteSecret(ORG, id(2), 20 * SECOND);
        uses.putBack(taken);
        assertThat(times(uses)).containsExactly(10 * SECOND, 20 * SECOND);
    }
}
