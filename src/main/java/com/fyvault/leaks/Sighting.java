package com.fyvault.leaks;

import com.fyvault.crypto.ValuePrints;
import com.fyvault.tokens.TokenFormat;
import com.fyvault.tokens.TokenHash;
import com.fyvault.tokens.TokenKind;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A report and what it is looked up by: a hash where the text is a token by its looks and its checksum, else the fingerprint of
 * a value. At most one of the two is there; without either there is nothing to look up. A public key may be printed anywhere, so
 * one that was found is no leak, and whoever has read one must not be able to end it.
 *
 * @param print in hexadecimal digits
 */
record Sighting(
        Report report, @Nullable TokenHash hash, @Nullable String print) {
    /** Bytes of a token with some white space around it. */
    private static final int LONGEST_TOKEN = TokenFormat.LENGTH_LIMIT + 16;

    static Sighting of(Report report, ValuePrints prints) {
        return of(report, report.token().strip().getBytes(StandardCharsets.UTF_8), prints);
    }

    /** @param utf8 the text itself, which may be cleared afterwards */
    static Sighting of(Report report, byte[] utf8, ValuePrints prints) {
        String text = utf8.length <= LONGEST_TOKEN ? new String(utf8, StandardCharsets.ISO_8859_1).strip() : "";
        if (hasLooksOfToken(text)) {
            @Nullable TokenKind kind = TokenFormat.parse(text);
            // Whoever drew it at random has passed the checksum once in some ten thousand million times.
            boolean secret = kind != null && kind != TokenKind.PUBLIC_KEY;
            return new Sighting(report, secret ? TokenFormat.hash(text) : null, null);
        }
        byte @Nullable [] print = prints.of(utf8);
        return new Sighting(report, null, print == null ? null : HexFormat.of().formatHex(print));
    }

    private static boolean hasLooksOfToken(String text) {
        int secretAt = text.length() - TokenFormat.SECRET_LENGTH - TokenFormat.CHECKSUM_LENGTH;
        for (TokenKind kind : TokenKind.values()) {
            if (kind.prefix().length() == secretAt && text.startsWith(kind.prefix())) {
                return true;
            }
        }
        return false;
    }
}
