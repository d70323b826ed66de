package com.fyvault.guesses;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.SeededRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Spellings of an account that are one. */
class NormalisedTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "alice@example.com",
                "ALICE@Example.COM",
                "  alice@example.com\t",
                "ali ce@exam ple.com",
                "ali\u00a0ce@example.com\u2003",
                "ali\u200bce@example.com\ufeff",
                "\uff41\uff4c\uff49\uff43\uff45@example.com",
                "\uff21LICE\uff20example.com"
            })
    void areOne(String spelling) {
        assertThat(CountGuess.normalised(spelling)).isEqualTo("alice@example.com");
    }

    @Test
    void differWhereAPersonWouldSayThatTheyDo() {
        assertThat(CountGuess.normalised("alice@example.com"))
                .isNotEqualTo(CountGuess.normalised("alicf@example.com"))
                .isNotEqualTo(CountGuess.normalised("al\u00edce@example.com"));
        assertThat(CountGuess.normalised("\u00c9mile")).isEqualTo(CountGuess.normalised("e\u0301MILE"));
        assertThat(CountGuess.normalised("STRASSE")).isEqualTo(CountGuess.normalised("stra\u00dfe"));
        assertThat(CountGuess.normalised(" ")).isEmpty();
    }

    @Test
    void whatIsNormalisedStaysAsItIsWhateverItWas() {
        SeededRandom random = new SeededRandom(4711);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(12); n > 0; n--) {
                text.appendCodePoint(random.nextInt(0x20000));
            }
            String once = CountGuess.normalised(text.toString());
            assertThat(CountGuess.normalised(once)).isEqualTo(once);
            assertThat(CountGuess.normalised(" " + text + "\u200b")).isEqualTo(once);
        }
    }
}
