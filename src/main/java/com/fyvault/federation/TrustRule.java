package com.fyvault.federation;

import com.fyvault.tokens.Credential;
import org.jspecify.annotations.Nullable;

/**
 * Whose identity tokens are exchanged, and for what. What it gives is a credential whose token nobody has; the sessions
 * are its children, so they die with it, are cut down with it, and stand below it in the audit trail.
 *
 * @param issuer exactly the {@code iss} of the tokens
 * @param audience exactly one {@code aud} of the tokens
 * @param jwksUrl where the keys are, when the issuer's own discovery is not to be asked
 * @param jwks the keys themselves
 * @param singleUse whether a token is exchanged once only
 * @param ttlSeconds how long a session lives
 */
record TrustRule(
        Credential credential,
        IssuerType type,
        String issuer,
        String audience,
        Conditions conditions,
        @Nullable String jwksUrl,
        @Nullable String jwks,
        boolean singleUse,
        int ttlSeconds) {

    /** Where the keys of its issuer come from. */
    KeySource keys() {
        if (jwks != null) {
            return new KeySource.Inline(jwks);
        }
        return jwksUrl == null ? new KeySource.Discovery(issuer) : new KeySource.Url(jwksUrl);
    }

    /** The same identity with other authority. */
    TrustRule with(Credential other) {
        return new TrustRule(other, type, issuer, audience, conditions, jwksUrl, jwks, singleUse, ttlSeconds);
    }
}
