package com.fyvault.secrets;

import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The entity tag of a value: its version, and 32 bits of which secret in which environment it is, so
 * that a secret deleted and made again, or another default environment, is never "unchanged".
 */
final class Etag {
    private static final int LONGEST = 64;

    private Etag() {}

    /** With its quotes: {@code "3-9f86d081"}. */
    static String of(UUID environmentId, UUID secretId, long version) {
        int place = (int) (environmentId.getLeastSignificantBits() * 31 + secretId.getLeastSignificantBits());
        return "\"" + version + "-" + Integer.toHexString(place) + "\"";
    }

    /** True when If-None-Match names the tag (RFC 9110, 13.1.2). A star is not honoured: it would hide every change. */
    static boolean matches(@Nullable String ifNoneMatch, String etag) {
        if (ifNoneMatch == null) {
            return false;
        }
        if (ifNoneMatch.equals(etag)) {
            return true;
        }
        for (String tag : ifNoneMatch.split(",", 16)) {
            String bare = tag.strip();
            if (bare.equals(etag) || (bare.startsWith("W/") && bare.substring(2).equals(etag))) {
                return true;
            }
        }
        return false;
    }

    /** Refuses with 412 when If-Match names another version, or a whole tag of another place. */
    static void demand(@Nullable String ifMatch, UUID environmentId, Secret secret) {
        if (ifMatch == null) {
            return;
        }
        String bare = ifMatch.strip().replace("\"", "");
        int dash = bare.indexOf('-');
        String number = dash > 0 ? bare.substring(0, dash) : bare;
        boolean digits =
                !number.isEmpty() && number.length() <= 18 && number.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!digits || ifMatch.length() > LONGEST) {
            throw Refusal.of(ErrorCode.INVALID_PRECONDITION);
        }
        boolean elsewhere =
                dash > 0 && !of(environmentId, secret.id(), secret.version()).equals('"' + bare + '"');
        if (Long.parseLong(number) != secret.version() || elsewhere) {
            throw Refusal.of(ErrorCode.VERSION_MISMATCH, "The current version is " + secret.version());
        }
    }
}
