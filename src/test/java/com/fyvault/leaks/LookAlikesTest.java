package com.fyvault.leaks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.crypto.SubKeys;
import com.fyvault.crypto.ValuePrints;
import com.fyvault.people.LoginTokens;
import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import com.fyvault.support.SeededRandom;
import com.fyvault.support.TestServer;
import com.fyvault.tokens.TokenFormat;
import com.fyvault.tokens.TokenKind;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.security.SecureRandom;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Text that only looks like a token is not looked up. */
class LookAlikesTest {
    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int ROUNDS = Lane.count(1_000_000, 100_000);

    private static final List<String> PREFIXES = Stream.concat(
                    Stream.of(TokenKind.values()).map(TokenKind::prefix),
                    Stream.of("fvweb_", "fvstep_", "fvmail_", "fvbrw_", "fvh_", "fvinvite_"))
            .toList();

    private static Vertx vertx;
    private static WorkerExecutor workers;
    private static Sighting.Eyes eyes;

    @BeforeAll
    static void open() {
        vertx = Vertx.vertx();
        workers = vertx.createSharedWorkerExecutor("look-alikes", 1);
        SubKeys keys = SubKeys.derive(new SeededRandom(41).bytes(32));
        eyes = new Sighting.Eyes(
                new ValuePrints(keys.valuePrint()), new LoginTokens(vertx, keys.login(), workers, new SecureRandom()));
    }

    @AfterAll
    static void close() {
        TestServer.await(vertx.close());
    }

    @Test
    void noRandomLookAlikeCostsALookUp() {
        SecureRandom random = new SecureRandom();
        long lookups = 0;
        for (int i = 0; i < ROUNDS; i++) {
            StringBuilder text = new StringBuilder(PREFIXES.get(i % PREFIXES.size()));
            for (int n = 0; n < TokenFormat.SECRET_LENGTH + TokenFormat.CHECKSUM_LENGTH; n++) {
                text.append(DIGITS.charAt(random.nextInt(DIGITS.length())));
            }
            Sighting sighting = Sighting.of(new Report(text.toString(), "", null, null), eyes);
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
            Sighting sighting = Sighting.of(new Report("  " + token + "\n", "", null, null), eyes);
            assertThat(sighting.hash()).isEqualTo(kind == TokenKind.PUBLIC_KEY ? null : TokenFormat.hash(token));
            assertThat(sighting.print()).isNull();
        }
    }

    @Test
    void otherCredentialsAreLookedUpByTheirHashToo() {
        for (String prefix : PREFIXES.subList(TokenKind.values().length, PREFIXES.size())) {
            String text = TokenFormat.draw(prefix, new SecureRandom());
            Sighting sighting = Sighting.of(new Report(text, "", null, null), eyes);
            assertThat(sighting.hash()).as(prefix).isEqualTo(TokenFormat.hash(text));
            assertThat(sighting.looks()).as(prefix).isNotIn(Looks.TOKEN, Looks.VALUE);
        }
    }

    @Test
    void aSignedTokenOfSomebodyElseIsAValueLikeAnyOther() {
        String header = "eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9";
        for (String text : List.of(
                header + ".eyJpc3MiOiJmeXZhdWx0In0." + "A".repeat(86),
                header + ".." + "A".repeat(86),
                "eyJhbGciOiJub25lIn0.eyJpc3MiOiJmeXZhdWx0In0.",
                "eyJ",
                "eyJ.eyJ.eyJ",
                "eyJhbGciOiJub25lIn0.é.é",
                "eyJ" + "x".repeat(2_000))) {
            Sighting sighting = Sighting.of(new Report(text, "", null, null), eyes);
            assertThat(sighting.hash()).as(text).isNull();
            assertThat(sighting.looks()).as(text).isEqualTo(Looks.VALUE);
        }
    }

    @Test
    void anythingElseIsLookedUpByItsFingerprintUnlessItIsShort() {
        assertThat(Sighting.of(new Report("eleven byte", "", null, null), eyes).print())
                .isNull();
        Sighting value = Sighting.of(new Report("twelve bytes", "", null, null), eyes);
        assertThat(value.print()).hasSize(64);
        assertThat(value.hash()).isNull();
        assertThat(Sighting.of(new Report("fv_live_ü", "", null, null), eyes).hash())
                .isNull();
    }
}
