package com.fyvault.factors;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.crypto.OneTimeCode;
import com.fyvault.support.Figures;
import com.fyvault.support.SeededRandom;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** T41: which texts are codes, and of which step. */
class TotpTest {
    private static final byte[] RFC_SECRET = "12345678901234567890".getBytes(StandardCharsets.US_ASCII);
    private static final long NOW = 59_123_456;

    private final byte[] secret = new SeededRandom(41).bytes(OneTimeCode.SECRET_LENGTH);

    static String code(byte[] secret, long step) {
        return String.format(Locale.ROOT, "%06d", OneTimeCode.at(secret, step));
    }

    /** RFC 6238, appendix B, SHA-1: the last six of its eight digits. */
    @ParameterizedTest
    @CsvSource({
        "59,287082",
        "1111111109,081804",
        "1111111111,050471",
        "1234567890,005924",
        "2000000000,279037",
        "20000000000,353130"
    })
    void agreesWithTheVectorsOfRfc6238(long seconds, String expected) {
        long step = seconds / Totp.STEP_SECONDS;
        assertThat(code(RFC_SECRET, step)).isEqualTo(expected);
        assertThat(Totp.match(RFC_SECRET, expected, step, 0)).isEqualTo(step);
    }

    /** RFC 4226, appendix D. */
    @Test
    void agreesWithTheVectorsOfRfc4226() {
        List<String> expected = List.of(
                "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489");
        for (int counter = 0; counter < expected.size(); counter++) {
            assertThat(code(RFC_SECRET, counter)).isEqualTo(expected.get(counter));
        }
    }

    @Test
    void onlyTheStepItselfAndItsNeighboursAreGood() {
        for (int away = -3; away <= 3; away++) {
            boolean near = Math.abs(away) <= Totp.WINDOW;
            assertThat(Totp.match(secret, code(secret, NOW + away), NOW, 0))
                    .as("%d steps away", away)
                    .isEqualTo(near ? NOW + away : Totp.NONE);
        }
    }

    @Test
    void aStepThatWasUsedAndEveryoneBeforeItAreOver() {
        assertThat(Totp.match(secret, code(secret, NOW), NOW, NOW - 1)).isEqualTo(NOW);
        assertThat(Totp.match(secret, code(secret, NOW), NOW, NOW)).isEqualTo(Totp.NONE);
        assertThat(Totp.match(secret, code(secret, NOW - 1), NOW, NOW)).isEqualTo(Totp.NONE);
        assertThat(Totp.match(secret, code(secret, NOW + 1), NOW, NOW)).isEqualTo(NOW + 1);
    }

    @Test
    void whatIsNotSixAsciiDigitsIsNoCode() {
        String right = code(secret, NOW);
        List<String> malformed = Malformed.of(right);
        long accepted = malformed.stream()
                .filter(text -> Totp.isCode(text)
                        || RecoveryCodes.isCode(text)
                        || Totp.match(secret, text, NOW, 0) != Totp.NONE)
                .count();
        Figures.print(new Figures.Line("T41", "malformed codes, at the rule", 0, malformed.size(), accepted, ""));
        assertThat(malformed).hasSize(40).doesNotHaveDuplicates();
        assertThat(accepted).isZero();
        assertThat(Totp.match(secret, right, NOW, 0)).isEqualTo(NOW);
    }

    @Test
    void aWrongCodeOfTheRightShapeIsRefused() {
        SeededRandom random = new SeededRandom(42);
        for (int i = 0; i < 2_000; i++) {
            String guess = String.format(Locale.ROOT, "%06d", random.nextInt(1_000_000));
            boolean one = guess.equals(code(secret, NOW - 1))
                    || guess.equals(code(secret, NOW))
                    || guess.equals(code(secret, NOW + 1));
            assertThat(Totp.match(secret, guess, NOW, 0) != Totp.NONE).isEqualTo(one);
        }
    }
}
