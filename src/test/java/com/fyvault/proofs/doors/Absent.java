package com.fyvault.proofs.doors;

import com.fyvault.handles.Handle;
import com.fyvault.tokens.TokenFormat;
import com.fyvault.tokens.TokenKind;
import java.security.SecureRandom;

/** Ids and names of the same form that nothing has. Those of a time keep it: lists are in the order of ids. */
final class Absent {
    private static final int LAST = 4;
    private static final String LETTERS = "bcdfghjklmnpqrstvwxz";
    private static final String HEX = "0123456789abcdef";
    private static final SecureRandom RANDOM = new SecureRandom();

    private Absent() {}

    /** Another text of the same form and length. */
    static String like(String text) {
        if (TokenFormat.fits(text, Handle.PREFIX)) {
            return TokenFormat.draw(Handle.PREFIX, RANDOM);
        }
        for (TokenKind kind : TokenKind.values()) {
            if (TokenFormat.fits(text, kind.prefix())) {
                return TokenFormat.mint(kind, RANDOM).exposeText();
            }
        }
        boolean id = text.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
        return id ? drawn(text, 2 * LAST, HEX) : drawn(text, LAST, LETTERS);
    }

    private static String drawn(String text, int last, String from) {
        StringBuilder other = new StringBuilder(text.substring(0, Math.max(0, text.length() - last)));
        while (other.length() < text.length()) {
            other.append(from.charAt(RANDOM.nextInt(from.length())));
        }
        return other.toString();
    }
}
