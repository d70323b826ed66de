package com.fyvault.connect;

import com.fyvault.crypto.ConstantTime;
import com.fyvault.crypto.Sha256;
import com.fyvault.platform.http.Fields;
import java.util.Base64;

/** The challenge of who begins, which only who has the verifier can meet (RFC 7636, S256 alone). */
final class Pkce {
    private static final int CHALLENGE = 43;
    private static final int SHORTEST = 43;
    private static final int LONGEST = 128;
    private static final String METHOD = "S256";

    private Pkce() {}

    /** The hash that a challenge stands for; any other method than S256 is refused. */
    static byte[] challenge(Fields body) {
        if (!METHOD.equals(body.text("codeChallengeMethod", LONGEST))) {
            throw Fields.invalid("codeChallengeMethod", "is not S256, the only one");
        }
        String text = body.text("codeChallenge", LONGEST);
        try {
            byte[] hash = Base64.getUrlDecoder().decode(text);
            if (text.length() == CHALLENGE && hash.length == Sha256.LENGTH) {
                return hash;
            }
        } catch (IllegalArgumentException malformed) {
            // Said below.
        }
        throw Fields.invalid("codeChallenge", "is not a SHA-256 in base64url without padding");
    }

    static String verifier(Fields body) {
        String text = body.text("codeVerifier", LONGEST);
        if (text.length() < SHORTEST || !text.chars().allMatch(Pkce::isUnreserved)) {
            throw Fields.invalid("codeVerifier", "is not 43 to 128 of the characters A-Z a-z 0-9 - . _ ~");
        }
        return text;
    }

    static boolean meets(String verifier, byte[] challenge) {
        return ConstantTime.equal(Sha256.hash(verifier), challenge);
    }

    private static boolean isUnreserved(int c) {
        return (c >= 'A' && c <= 'Z')
                || (c >= 'a' && c <= 'z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '.'
                || c == '_'
                || c == '~';
    }
}
