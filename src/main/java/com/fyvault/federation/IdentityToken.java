package com.fyvault.federation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fyvault.crypto.JwsKey;
import com.fyvault.crypto.Sha256;
import com.fyvault.federation.NotAccepted.Reason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A signed identity token (JWT, RFC 7519, in the compact form of RFC 7515) as it was sent. Nothing in it is true before
 * the signature is found good: reading it decides only what is looked up.
 *
 * <p>The header may hold the five members that issuers use and nothing else. So what would have a verifier take a key from
 * the token ({@code jwk}, {@code jku}, {@code x5u}, {@code x5c}), change how it reads ({@code crit}, {@code b64},
 * {@code zip}) or decrypt ({@code enc}, {@code p2c}) is refused for being there, not for a rule of its own.
 */
final class IdentityToken {
    /** Characters of the longest token. */
    static final int LONGEST = 16 * 1_024;

    private static final Set<String> HEADER = Set.of("alg", "kid", "typ", "x5t", "x5t#S256");
    private static final int LONGEST_TEXT = 1_024;
    private static final int LONGEST_KEY_ID = 256;
    private static final int PARTS = 3;

    private final ObjectNode header;
    private final ObjectNode claims;
    private final byte[] signed;
    private final byte[] signature;
    private final JwsKey.Algorithm algorithm;

    private IdentityToken(ObjectNode header, ObjectNode claims, byte[] signed, byte[] signature) {
        this.header = header;
        this.claims = claims;
        this.signed = signed;
        this.signature = signature;
        this.algorithm = algorithm(header.get("alg"));
    }

    /** Takes a token apart; refuses what is not three parts of canonical base64url with two JSON objects. */
    static IdentityToken parse(String text) {
        if (text.length() > LONGEST) {
            throw malformed();
        }
        String[] parts = text.split("\\.", -1);
        if (parts.length != PARTS) {
            throw malformed();
        }
        @Nullable ObjectNode header = StrictJson.object(decode(parts[0]));
        @Nullable ObjectNode claims = StrictJson.object(decode(parts[1]));
        if (header == null || claims == null) {
            throw malformed();
        }
        checkHeader(header);
        byte[] signed = (parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII);
        IdentityToken token = new IdentityToken(header, claims, signed, decode(parts[2]));
        @Nullable String issuer = token.unverifiedText("iss");
        // It is looked up before anything is verified, and PostgreSQL takes no NUL.
        boolean plain = issuer != null && issuer.chars().allMatch(c -> c > ' ' && c < 127);
        if (!plain || token.unverifiedText("sub") == null) {
            throw malformed();
        }
        return token;
    }

    /** The algorithm that the token asks for. */
    JwsKey.Algorithm algorithm() {
        return algorithm;
    }

    /** The name of the key that the token asks for; null when it names none. */
    @Nullable
    String keyId() {
        @Nullable JsonNode kid = header.get("kid");
        return kid == null ? null : kid.textValue();
    }

    /** The {@code typ} of the header in lower case; empty when there is none. */
    String type() {
        @Nullable JsonNode type = header.get("typ");
        return type == null ? "" : type.textValue().toLowerCase(java.util.Locale.ROOT);
    }

    String unverifiedIssuer() {
        return claims.get("iss").textValue();
    }

    String unverifiedSubject() {
        return claims.get("sub").textValue();
    }

    ObjectNode unverifiedClaims() {
        return claims;
    }

    /** Who the token is for: {@code aud} as a list; empty when it is neither a text nor a list of texts. */
    List<String> unverifiedAudiences() {
        @Nullable JsonNode audience = claims.get("aud");
        if (audience == null || audience.isTextual()) {
            return audience == null ? List.of() : List.of(audience.textValue());
        }
        List<String> all = new ArrayList<>();
        for (JsonNode one : audience) {
            if (!audience.isArray() || !one.isTextual()) {
                return List.of();
            }
            all.add(one.textValue());
        }
        return all;
    }

    /** A whole number of seconds since 1970; null when there is none. Refused when it is anything else. */
    @Nullable
    Long unverifiedTime(String name) {
        @Nullable JsonNode time = claims.get(name);
        if (time == null) {
            return null;
        }
        if (!time.isIntegralNumber() || !time.canConvertToLong()) {
            throw new NotAccepted(Reason.CLAIMS);
        }
        return time.longValue();
    }

    /** A claim that is a text of bounded length; null when it is absent. Refused when it is anything else. */
    @Nullable
    String unverifiedText(String name) {
        @Nullable JsonNode claim = claims.get(name);
        if (claim == null) {
            return null;
        }
        String text = claim.isTextual() ? claim.textValue() : "";
        if (text.isEmpty() || text.length() > LONGEST_TEXT) {
            throw malformed();
        }
        return text;
    }

    /** Whether the key has signed this. Slow: not for an event loop. */
    boolean isSignedBy(JwsKey key) {
        return key.algorithm() == algorithm && key.verify(signed, signature);
    }

    /** What names this token among all of its issuer, in 32 bytes: a signature can be written in more than one way. */
    byte[] identity() {
        @Nullable String id = unverifiedText("jti");
        String named = id == null
                ? "token\n" + new String(signed, StandardCharsets.US_ASCII)
                : "jti\n" + unverifiedIssuer() + "\n" + id;
        return Sha256.hash(named.getBytes(StandardCharsets.UTF_8));
    }

    private static void checkHeader(ObjectNode header) {
        for (Iterator<String> names = header.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            JsonNode value = header.get(name);
            boolean plain = value.isTextual() && value.textValue().length() <= LONGEST_KEY_ID;
            if (!HEADER.contains(name) || !plain) {
                throw malformed();
            }
        }
    }

    private static JwsKey.Algorithm algorithm(@Nullable JsonNode alg) {
        for (JwsKey.Algorithm algorithm : JwsKey.Algorithm.values()) {
            if (alg != null && algorithm.text().equals(alg.textValue())) {
                return algorithm;
            }
        }
        throw new NotAccepted(Reason.ALGORITHM);
    }

    private static byte[] decode(String part) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(part);
            if (Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(part)) {
                return bytes;
            }
        } catch (IllegalArgumentException notBase64) {
            throw malformed();
        }
        throw malformed();
    }

    private static NotAccepted malformed() {
        return new NotAccepted(Reason.MALFORMED);
    }
}
