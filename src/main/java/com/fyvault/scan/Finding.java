package com.fyvault.scan;

import com.fyvault.crypto.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * A secret that was found, without the secret.
 *
 * @param masked a few of its first and last characters
 * @param line from 1 on
 * @param column from 1 on, in bytes
 * @param fingerprint tells the same secret again; of a text of low entropy it could be guessed back, so it is not shown
 */
public record Finding(
        String rule,
        String description,
        Confidence confidence,
        String masked,
        int line,
        int column,
        Place place,
        String fingerprint) {
    private static final int LONG = 24;
    private static final int SHORT = 12;
    private static final String HIDDEN = "****";

    /** At most four characters at either end, and none of what is short: a client prints it just so. */
    static String mask(String secret) {
        int shown = secret.length() >= LONG ? 4 : secret.length() >= SHORT ? 2 : 0;
        return plain(secret.substring(0, shown)) + HIDDEN + plain(secret.substring(secret.length() - shown));
    }

    static String fingerprint(String rule, String secret) {
        return HexFormat.of().formatHex(Sha256.hash((rule + "\n" + secret).getBytes(StandardCharsets.UTF_8)));
    }

    /** Without what would do something to a terminal. */
    public static String plain(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            plain.append(Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c);
        }
        return plain.toString();
    }
}
