package com.fyvault.federation;

import com.fyvault.federation.NotAccepted.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a token whose signature is good is one that a rule means, now (RFC 7519, RFC 8725). Pure: time comes from the
 * database, as every expiry does here.
 */
final class CheckClaims {
    private static final long MOST_LIFE = Duration.ofHours(24).toSeconds();
    /** How far an issuer's clock may be ahead. */
    private static final long LEEWAY = 60;

    private static final int MOST_AUDIENCES = 16;
    private static final Set<String> TYPES = Set.of("", "jwt", "jose");

    private CheckClaims() {}

    /** Refuses a token that no rule may take now. */
    static void checkTimes(IdentityToken token, long now) {
        String subject = token.unverifiedSubject();
        if (!TYPES.contains(token.type())) {
            throw new NotAccepted(Reason.CLAIMS, subject);
        }
        @Nullable Long expires = token.unverifiedTime("exp");
        @Nullable Long issued = token.unverifiedTime("iat");
        @Nullable Long begins = token.unverifiedTime("nbf");
        if (expires == null) {
            throw new NotAccepted(Reason.CLAIMS, subject);
        }
        boolean begun = isPast(issued, now) && isPast(begins, now);
        long since = issued == null ? now : issued;
        // Compared without a subtraction that a number out of range could turn around.
        boolean bounded = expires <= now + MOST_LIFE && (since < 0 || expires <= since + MOST_LIFE);
        if (!begun || expires <= now || !bounded || since < 0) {
            throw new NotAccepted(Reason.TIME, subject);
        }
    }

    /** Why the rule does not mean the token; null when it does. */
    static @Nullable Reason mismatch(IdentityToken token, TrustRule rule) {
        if (rule.type().needsIssuedAt() && token.unverifiedTime("iat") == null) {
            return Reason.CLAIMS;
        }
        List<String> audiences = token.unverifiedAudiences();
        if (audiences.size() > MOST_AUDIENCES || !audiences.contains(rule.audience())) {
            return Reason.AUDIENCE;
        }
        return rule.conditions().hold(token.unverifiedClaims()) ? null : Reason.CONDITIONS;
    }

    private static boolean isPast(@Nullable Long time, long now) {
        return time == null || time <= now + LEEWAY;
    }
}
