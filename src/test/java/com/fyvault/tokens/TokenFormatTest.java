package com.fyvault.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fyvault.crypto.Sha256;
import com.fyvault.support.Lane;
import com.fyvault.support.SeededRandom;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenFormatTest {
    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private final SeededRandom random = new SeededRandom(20);

    @ParameterizedTest
    @EnumSource
    void mintsWhatItParses(TokenKind kind) {
        for (int i = 0; i < 1000; i++) {
            MintedToken token = TokenFormat.mint(kind, random);
            String text = token.exposeText();
            assertThat(text).hasSize(kind.prefix().length() + 49).startsWith(kind.prefix());
            assertThat(text.substring(kind.prefix().length())).matches("[0-9A-Za-z]{49}");
            assertThat(TokenFormat.parse(text)).isEqualTo(kind);
            assertThat(TokenFormat.parse(CharBuffer.wrap(text))).isEqualTo(kind);
            assertThat(token.hash()).isEqualTo(TokenFormat.hash(text));
            assertThat(token.lastFour()).isEqualTo(text.substring(text.length() - 4));
        }
    }

    /// A token frozen by hand: prefix, 43 digits, and the CRC-32 of both in base62.
    @Test
    void theFormatStays() {
        String before = "fv_live_" + DIGITS.substring(0, 43);
        CRC32 crc = new CRC32();
        crc.update(before.getBytes(StandardCharsets.US_ASCII));
        String token = before + "4KDBgb";
        assertThat(base62(crc.getValue())).isEqualTo("4KDBgb");
        assertThat(TokenFormat.parse(token)).isEqualTo(TokenKind.API_KEY);
    }

    @Test
    void theMintedTokenKeepsItsTextFromLogs() {
        MintedToken token = TokenFormat.mint(TokenKind.AGENT, random);
        assertThat(token.toString()).isEqualTo("MintedToken[AGENT .." + token.lastFour() + "]");
        assertThat(token.hash().toString()).hasSizeLessThan(24);
    }

    @Test
    void refusesEachChangeOfOneCharacter() {
        String others = DIGITS + "_-+/= .\0\u00e9\uff11";
        int changes = 0;
        int accepted = 0;
        for (TokenKind kind : TokenKind.values()) {
            for (int round = 0; round < 20; round++) {
                String token = TokenFormat.mint(kind, random).exposeText();
                for (int at = 0; at < token.length(); at++) {
                    for (int i = 0; i < others.length(); i++) {
                        if (others.charAt(i) != token.charAt(at)) {
                            String changed = token.substring(0, at) + others.charAt(i) + token.substring(at + 1);
                            changes++;
                            accepted += TokenFormat.parse(changed) == null ? 0 : 1;
                        }
                    }
                }
            }
        }
        System.out.printf("P-token changes: faults %,d, %,d parses, violations %d%n", changes, changes, accepted);
        assertThat(accepted).isZero();
    }

    @Test
    void refusesSwapsCutsAndPadding() {
        for (int round = 0; round < 1000; round++) {
            String token = TokenFormat.mint(TokenKind.SESSION, random).exposeText();
            for (int at = 0; at < token.length() - 1; at++) {
                if (token.charAt(at) != token.charAt(at + 1)) {
                    String swapped =
                            token.substring(0, at) + token.charAt(at + 1) + token.charAt(at) + token.substring(at + 2);
                    assertThat(TokenFormat.parse(swapped)).isNull();
                }
                assertThat(TokenFormat.parse(token.substring(0, at))).isNull();
            }
            assertThat(TokenFormat.parse(token + "0")).isNull();
            assertThat(TokenFormat.parse(" " + token)).isNull();
        }
    }

    /// 62^6 checksums for one right one: of a million look-alikes none passes, but for 18 in a million such runs.
    @Test
    void refusesLookAlikes() {
        int tries = Lane.count(1_000_000, 10_000_000);
        int accepted = 0;
        char[] text = new char["fv_live_".length() + 49];
        "fv_live_".getChars(0, 8, text, 0);
        for (int i = 0; i < tries; i++) {
            for (int at = 8; at < text.length; at++) {
                text[at] = DIGITS.charAt(random.nextInt(62));
            }
            accepted += TokenFormat.parse(new String(text)) == null ? 0 : 1;
        }
        System.out.printf(
                "P-token look-alikes: faults %,d, %,d parses, %d passed the checksum (1 in 5.7e10 expected), violations"
                        + " %d%n",
                tries, tries, accepted, accepted);
        assertThat(accepted).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "f", "fv_live_", "Bearer", "eyJhbGciOiJFZERTQSJ9.e30.AA", "fv_live_\u0000"})
    void refusesJunk(String junk) {
        assertThat(TokenFormat.parse(junk)).isNull();
    }

    @Test
    void noPrefixIsTheStartOfAnother() {
        for (TokenKind one : TokenKind.values()) {
            for (TokenKind two : TokenKind.values()) {
                assertThat(one != two && one.prefix().startsWith(two.prefix())).isFalse();
            }
        }
    }

    /// 43 digits of 62 kinds, each as likely: chi-square with 61 degrees of freedom stays below 120 (p = 1e-5).
    @Test
    void drawsItsDigitsEvenly() {
        int[] seen = new int[128];
        int tokens = 20_000;
        for (int i = 0; i < tokens; i++) {
            String text = TokenFormat.mint(TokenKind.API_KEY, random).exposeText();
            text.substring(8, 51).chars().forEach(character -> seen[character]++);
        }
        double expected = tokens * 43 / 62.0;
        double chiSquare = DIGITS.chars()
                .mapToDouble(digit -> (seen[digit] - expected) * (seen[digit] - expected) / expected)
                .sum();
        System.out.printf(
                "P-token digits: faults 0, %,d tokens, chi-square %.1f, violations %d%n",
                tokens, chiSquare, chiSquare < 120 ? 0 : 1);
        assertThat(chiSquare).isLessThan(120);
    }

    @Test
    void hashesAreMapKeysOfTheirBytes() {
        Set<TokenHash> hashes = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            byte[] hash = random.bytes(32);
            TokenHash key = TokenHash.of(hash);
            assertThat(key.toBytes()).isEqualTo(hash);
            assertThat(hashes.add(key)).isTrue();
            assertThat(hashes).contains(TokenHash.of(hash));
            hash[i % 32] ^= 1;
            assertThat(key).isNotEqualTo(TokenHash.of(hash));
        }
        assertThat(TokenFormat.hash("abc").toBytes()).isEqualTo(Sha256.hash("abc"));
        assertThatThrownBy(() -> TokenHash.of(new byte[31])).isInstanceOf(IllegalArgumentException.class);
    }

    private static String base62(long number) {
        StringBuilder digits = new StringBuilder();
        long rest = number;
        for (int i = 0; i < 6; i++) {
            digits.append(DIGITS.charAt((int) (rest % 62)));
            rest /= 62;
        }
        return digits.reverse().toString();
    }
}
