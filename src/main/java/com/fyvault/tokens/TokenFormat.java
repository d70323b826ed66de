package com.fyvault.tokens;

import com.fyvault.crypto.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/// The text of a token: `prefix | 43 base62 characters | 6 base62 characters`.
///
/// The 43 are drawn uniformly (256.03 bits). The 6 are the CRC-32 (IEEE 802.3) of everything before them, most
/// significant digit first, so that scanners and this server tell junk without a look-up
/// (docs/decisions/token-format.md). The checksum proves nothing: only the hash of a known token does.
public final class TokenFormat {
    /// Random characters of a token.
    public static final int SECRET_LENGTH = 43;
    /// Checksum characters of a token.
    public static final int CHECKSUM_LENGTH = 6;
    /// Characters of the longest token.
    public static final int LENGTH_LIMIT = 8 + SECRET_LENGTH + CHECKSUM_LENGTH;

    private static final byte[] DIGITS =
            "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] VALUES = values();
    private static final int BASE = 62;
    private static final TokenKind[] KINDS = TokenKind.values();
    private static final ThreadLocal<Checksum> CHECKSUM = ThreadLocal.withInitial(Checksum::new);

    private TokenFormat() {}

    public static MintedToken mint(TokenKind kind, SecureRandom random) {
        String text = draw(kind.prefix(), random);
        return new MintedToken(kind, text, hash(text));
    }

    /// Text like a token's under another prefix, of at most 8 characters: for what is no bearer token.
    public static String draw(String before, SecureRandom random) {
        byte[] token = new byte[before.length() + SECRET_LENGTH + CHECKSUM_LENGTH];
        byte[] prefix = before.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(prefix, 0, token, 0, prefix.length);
        int checksumAt = prefix.length + SECRET_LENGTH;
        draw(token, prefix.length, checksumAt, random);
        CRC32 crc = new CRC32();
        crc.update(token, 0, checksumAt);
        long rest = crc.getValue();
        for (int i = token.length - 1; i >= checksumAt; i--) {
            token[i] = DIGITS[(int) (rest % BASE)];
            rest /= BASE;
        }
        String text = new String(token, StandardCharsets.US_ASCII);
        Arrays.fill(token, (byte) 0);
        return text;
    }

    /// True for text that [#draw] may have made under that prefix.
    public static boolean fits(CharSequence text, String prefix) {
        int secretAt = text.length() - SECRET_LENGTH - CHECKSUM_LENGTH;
        return prefix.length() == secretAt
                && startsWith(text, prefix)
                && CHECKSUM.get().fits(text, secretAt);
    }

    /// The kind of a well-formed token, or null for anything else; allocates nothing.
    public static @Nullable TokenKind parse(CharSequence text) {
        int secretAt = text.length() - SECRET_LENGTH - CHECKSUM_LENGTH;
        for (TokenKind kind : KINDS) {
            if (kind.prefix().length() == secretAt && startsWith(text, kind.prefix())) {
                return CHECKSUM.get().fits(text, secretAt) ? kind : null;
            }
        }
        return null;
    }

    /// The hash that a token is stored and looked up by.
    ///
    /// @throws IllegalArgumentException on characters beyond ASCII, which no token has
    public static TokenHash hash(CharSequence token) {
        return Sha256.hash(token, TokenHash::of);
    }

    /// Uniform digits: 6 random bits each, those of 62 and 63 drawn again.
    private static void draw(byte[] token, int from, int to, SecureRandom random) {
        byte[] bits = new byte[64];
        int used = bits.length;
        int at = from;
        while (at < to) {
            if (used == bits.length) {
                random.nextBytes(bits);
                used = 0;
            }
            int digit = bits[used++] & 0x3f;
            if (digit < BASE) {
                token[at++] = DIGITS[digit];
            }
        }
        Arrays.fill(bits, (byte) 0);
    }

    private static boolean startsWith(CharSequence text, String prefix) {
        for (int i = 0; i < prefix.length(); i++) {
            if (text.charAt(i) != prefix.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /// Value of each ASCII character as a base62 digit, -1 for what is none.
    private static byte[] values() {
        byte[] values = new byte[128];
        Arrays.fill(values, (byte) -1);
        for (byte digit = 0; digit < DIGITS.length; digit++) {
            values[DIGITS[digit]] = digit;
        }
        return values;
    }

    /// One thread's CRC-32 and the bytes it runs over.
    private static final class Checksum {
        private final CRC32 crc = new CRC32();
        private final byte[] bytes = new byte[LENGTH_LIMIT];

        private boolean fits(CharSequence text, int secretAt) {
            int checksumAt = secretAt + SECRET_LENGTH;
            for (int i = 0; i < secretAt; i++) {
                bytes[i] = (byte) text.charAt(i);
            }
            for (int i = secretAt; i < checksumAt; i++) {
                char character = text.charAt(i);
                if (digit(character) < 0) {
                    return false;
                }
                bytes[i] = (byte) character;
            }
            crc.reset();
            crc.update(bytes, 0, checksumAt);
            return crc.getValue() == number(text, checksumAt);
        }

        /// The number that the digits from `from` on write, or -1 when one is none.
        private static long number(CharSequence text, int from) {
            long number = 0;
            for (int i = from; i < from + CHECKSUM_LENGTH; i++) {
                int digit = digit(text.charAt(i));
                if (digit < 0) {
                    return -1;
                }
                number = number * BASE + digit;
            }
            return number;
        }

        private static int digit(char character) {
            return character < VALUES.length ? VALUES[character] : -1;
        }
    }
}
