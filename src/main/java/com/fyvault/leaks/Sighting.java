package com.fyvault.leaks;

import com.fyvault.api.LoginToken;
import com.fyvault.crypto.ValuePrints;
import com.fyvault.handles.Handle;
import com.fyvault.members.PostgresInvitationStore;
import com.fyvault.people.EndFound;
import com.fyvault.people.LoginTokens;
import com.fyvault.tokens.TokenFormat;
import com.fyvault.tokens.TokenHash;
import com.fyvault.tokens.TokenKind;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A report and what it is looked up by: a hash where the text is a credential by its looks and its checksum or signature, else the
 * fingerprint of a value. At most one of the two is there; without either there is nothing to look up. A public key may be
 * printed anywhere, so one that was found is no leak, and whoever has read one must not be able to end it.
 *
 * @param print in hexadecimal digits
 */
record Sighting(
        Report report,
        Looks looks,
        @Nullable TokenHash hash,
        @Nullable String print) {
    /** Bytes of what may be a credential; a login's signed token is by far the longest. */
    private static final int LONGEST_CREDENTIAL = 1_024;

    private static final String SIGNING_SECRET = "whsec_";
    private static final Map<String, Looks> PREFIXES = prefixes();

    /** What tells the looks of a text. */
    record Eyes(ValuePrints prints, LoginTokens logins) {}

    static Sighting of(Report report, Eyes eyes) {
        return of(report, report.token().strip().getBytes(StandardCharsets.UTF_8), eyes);
    }

    /** @param utf8 the text itself, which may be cleared afterwards */
    static Sighting of(Report report, byte[] utf8, Eyes eyes) {
        String text = utf8.length <= LONGEST_CREDENTIAL ? new String(utf8, StandardCharsets.ISO_8859_1).strip() : "";
        for (Map.Entry<String, Looks> known : PREFIXES.entrySet()) {
            if (hasLooks(text, known.getKey())) {
                // Whoever drew it at random has passed the checksum once in some ten thousand million times.
                boolean secret = TokenFormat.fits(text, known.getKey())
                        && !known.getKey().equals(TokenKind.PUBLIC_KEY.prefix());
                return new Sighting(report, known.getValue(), secret ? TokenFormat.hash(text) : null, null);
            }
        }
        if (eyes.logins().isSignedHere(text)) {
            return new Sighting(report, Looks.LOGIN, TokenFormat.hash(text), null);
        }
        byte @Nullable [] print = eyes.prints().of(utf8);
        return new Sighting(
                report,
                text.startsWith(SIGNING_SECRET) ? Looks.SIGNING_SECRET : Looks.VALUE,
                null,
                print == null ? null : HexFormat.of().formatHex(print));
    }

    private static boolean hasLooks(String text, String prefix) {
        return text.length() == prefix.length() + TokenFormat.SECRET_LENGTH + TokenFormat.CHECKSUM_LENGTH
                && text.startsWith(prefix);
    }

    private static Map<String, Looks> prefixes() {
        Map<String, Looks> prefixes = new HashMap<>();
        for (TokenKind kind : TokenKind.values()) {
            prefixes.put(kind.prefix(), Looks.TOKEN);
        }
        EndFound.ERRANDS.forEach(prefix -> prefixes.put(prefix, Looks.ERRAND));
        prefixes.put(LoginToken.COOKIE_PREFIX, Looks.LOGIN);
        prefixes.put(Handle.PREFIX, Looks.HANDLE);
        prefixes.put(PostgresInvitationStore.PREFIX, Looks.INVITATION);
        return Map.copyOf(prefixes);
    }
}
