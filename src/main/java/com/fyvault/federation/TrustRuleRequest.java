package com.fyvault.federation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Fields;
import com.fyvault.platform.http.Refusal;
import com.fyvault.tokens.Credential;
import org.jspecify.annotations.Nullable;

/** What a request says of the identities that a rule accepts; what it leaves out stays, or is what is usual. */
final class TrustRuleRequest {
    private static final String AUDIENCE = "fyvault";
    private static final int LONGEST = 512;
    private static final int LONGEST_TYPE = 32;
    private static final int LONGEST_CONDITIONS = 16 * 1_024;
    private static final int LARGEST_KEYS = 16 * 1_024;
    private static final int SHORTEST_LIFE = 60;
    private static final int LONGEST_LIFE = 86_400;
    private static final int USUAL_LIFE = 900;

    private final Fields body;
    private final Outward outward;

    TrustRuleRequest(Fields body, Outward outward) {
        this.body = body;
        this.outward = outward;
    }

    /** The rule that the request makes of a credential, or of the rule that was there before. */
    TrustRule rule(Credential credential, @Nullable TrustRule before) {
        IssuerType type = type(before);
        @Nullable String url = body.optionalText("jwksUrl", LONGEST);
        @Nullable String keys = keys();
        if (url != null && keys != null) {
            throw Fields.invalid("jwks", "excludes jwksUrl");
        }
        boolean same = url == null && keys == null;
        @Nullable String keptUrl = same && before != null ? before.jwksUrl() : empty(url) ? null : url;
        @Nullable String keptKeys = same && before != null ? before.jwks() : keys;
        if (keptUrl != null && outward.target(keptUrl) == null) {
            throw Fields.invalid("jwksUrl", "must be an https address without a query");
        }
        Conditions conditions = conditions(before);
        conditions.checkBound(type);
        return new TrustRule(
                credential,
                type,
                issuer(type, before, keptUrl == null && keptKeys == null),
                audience(before),
                conditions,
                keptUrl,
                keptKeys,
                singleUse(type, before),
                life(before));
    }

    /** True when both accept the same tokens for as long. */
    static boolean sameIdentity(TrustRule one, TrustRule other) {
        return one.with(other.credential()).equals(other);
    }

    private IssuerType type(@Nullable TrustRule before) {
        @Nullable String text = body.optionalText("type", LONGEST_TYPE);
        if (text == null && before != null) {
            return before.type();
        }
        @Nullable IssuerType type = text == null ? null : IssuerType.parse(text);
        if (type == null) {
            throw Fields.invalid("type", "must be github, gitlab, kubernetes, spiffe or oidc");
        }
        return type;
    }

    /** An address that can be asked for its keys; with keys of the rule's own any name will do. */
    private String issuer(IssuerType type, @Nullable TrustRule before, boolean asked) {
        @Nullable String given = body.optionalText("issuer", LONGEST);
        @Nullable String issuer = given != null ? given : before != null ? before.issuer() : type.usualIssuer();
        if (issuer == null || issuer.isEmpty() || !issuer.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw Fields.invalid("issuer", "must be the iss of the tokens, exactly");
        }
        if (asked && outward.target(issuer) == null) {
            throw Fields.invalid("issuer", "must be an https address without a query, or jwks or jwksUrl be given");
        }
        if (type.isForeign(issuer)) {
            throw Fields.invalid("type", "is not that of the issuer");
        }
        return issuer;
    }

    private String audience(@Nullable TrustRule before) {
        @Nullable String given = body.optionalText("audience", LONGEST);
        if (given == null) {
            return before == null ? AUDIENCE : before.audience();
        }
        if (given.isBlank()) {
            throw Fields.invalid("audience", "is empty");
        }
        return given;
    }

    private Conditions conditions(@Nullable TrustRule before) {
        @Nullable String given = body.optionalObject("conditions", LONGEST_CONDITIONS);
        if (given != null) {
            return Conditions.parse(given);
        }
        if (before == null) {
            throw Refusal.of(ErrorCode.RULE_TOO_BROAD);
        }
        return before.conditions();
    }

    private @Nullable String keys() {
        @Nullable String given = body.optionalObject("jwks", LARGEST_KEYS);
        if (given == null) {
            return null;
        }
        @Nullable ObjectNode set = StrictJson.object(given);
        if (set == null || KeySet.holdsPrivateKeys(set) || KeySet.parse(set) == null) {
            throw Fields.invalid("jwks", "must be a set of public keys, one of which can verify");
        }
        return given;
    }

    /** The tokens of GitHub are for one use: a job asks for as many as it wants. Those of others are often a file. */
    private boolean singleUse(IssuerType type, @Nullable TrustRule before) {
        @Nullable Boolean given = body.optionalFlag("singleUse");
        if (type == IssuerType.GITHUB) {
            if (Boolean.FALSE.equals(given)) {
                throw Fields.invalid("singleUse", "cannot be false for github");
            }
            return true;
        }
        return given == null ? before != null && before.singleUse() : given;
    }

    private int life(@Nullable TrustRule before) {
        try {
            @Nullable Long seconds = body.optionalNumber("ttlSeconds", SHORTEST_LIFE, LONGEST_LIFE);
            return seconds != null ? seconds.intValue() : before == null ? USUAL_LIFE : before.ttlSeconds();
        } catch (Refusal wrong) {
            throw Refusal.of(ErrorCode.TTL_OUT_OF_RANGE, wrong.publicText());
        }
    }

    private static boolean empty(@Nullable String text) {
        return text == null || text.isEmpty();
    }
}
