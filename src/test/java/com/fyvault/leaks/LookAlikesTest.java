package com.fyvault.leaks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.crypto.SubKeys;
import com.fyvault.crypto.ValuePrints;
import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import com.fyvault.support.SeededRandom;
import com.fyvault.tokens.TokenFormat;
import com.fyvault.tokens.TokenKind;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

/** Text that only looks like a token is not looked up. */
class LookAlikesTest {
    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int ROUNDS = Lane.count(1_000_000, 100_000);

    private final ValuePrints prints =
            new ValuePrints(SubKeys.derive(new SeededRandom(41).bytes(32)).valuePrint());

    @Test
    void noRandomLookAlikeCostsALookUp() {
        SecureRandom random = new SecureRandom();
        TokenKind[] kinds = TokenKind.values();
        long lookups = 0;
        for (int i = 0; i < ROUNDS; i++) {
            StringBuilder text = new StringBuilder(kinds[i % kinds.length].prefix());
            for (int n = 0; n < TokenFormat.SECRET_LENGTH + TokenFormat.CHECKSUM_LENGTH; n++) {
                text.append(DIGITS.charAt(random.nextInt(DIGITS.length())));
            }
            Sighting sighting = Sighting.of(new Report(text.toString(), "", null, null), prints);
            lookups += sighting.hash() == null && sighting.print() == null ? 0 : 1;
        }
        Figures.print(new Figures.Line("leaks", "random look-alikes", ROUNDS, ROUNDS, lookups, "look-ups=" + lookups));
        // One in 62^6, so in a million none, but for one run of this test in fifty thousand.
        assertThat(lookups).isZero();
    }

    @Test
    void whatWasDrawnHereIsLookedUpByItsHash() {
        for (TokenKind kind : TokenKind.values()) {
            String token = TokenFormat.mint(kind, new SecureRandom()).exposeText();
            Sighting sighting = Sighting.of(new Report("  " + token + "\n", "", null, null), prints);
            assertThat(sighting.hash()).isEqualTo(kind == TokenKind.PUBLIC_KEY ? null : TokenFormat.hash(token));
            assertThat(sighting.print()).isNull();
        }
    }

    @Test
    void anythingElseIsLookedUpByItsFingerprintUnlessItIsShort() {
        assertThat(Sighting.of(new Report("eleven byte", "", null, null), prints)
                        .print())
                .isNull();
        Sighting value = Sighting.of(new Report("twelve bytes", "", null, null), prints);
        assertThat(value.print()).hasSize(64);
        assertThat(value.hash()).isNull();
        assertThat(Sighting.of(new Report("fv_live_ü", "", null, null), prints).hash())
                .isNull();
    }
}
