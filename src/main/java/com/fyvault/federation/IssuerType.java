package com.fyvault.federation;

import static com.fyvault.crypto.JwsKey.Algorithm.EDDSA;
import static com.fyvault.crypto.JwsKey.Algorithm.ES256;
import static com.fyvault.crypto.JwsKey.Algorithm.ES384;
import static com.fyvault.crypto.JwsKey.Algorithm.PS256;
import static com.fyvault.crypto.JwsKey.Algorithm.RS256;

import com.fyvault.crypto.JwsKey;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The kinds of issuer, each with its fixed list of algorithms and with what it takes to bind a subject: the first part of
 * a claim that a stranger with an account at the same issuer cannot have.
 */
enum IssuerType {
    GITHUB(
            new Facts(Set.of(RS256), true, "https://token.actions.githubusercontent.com"),
            Map.of(
                    "sub", "repo:[^/:]+/",
                    "repository", "[^/]+/",
                    "repository_owner", "",
                    "repository_owner_id", "",
                    "repository_id", "")),
    GITLAB(
            new Facts(Set.of(RS256), true, "https://gitlab.com"),
            Map.of(
                    "sub", "project_path:[^/:]+/",
                    "project_path", "[^/]+/",
                    "namespace_path", "",
                    "namespace_id", "",
                    "project_id", "")),
    KUBERNETES(
            new Facts(Set.of(RS256, ES256, ES384), true, null),
            Map.of("sub", "system:serviceaccount:[^:]+:", "/kubernetes.io/namespace", "")),
    SPIFFE(new Facts(Set.of(RS256, PS256, ES256, ES384, EDDSA), false, null), Map.of("sub", "spiffe://[^/]+/")),
    OIDC(new Facts(Set.of(RS256, PS256, ES256, ES384, EDDSA), false, null), Map.of("sub", "[^:/]+[:/]+[^:/]+[:/]"));

    /**
     * @param issuedAtNeeded whether its tokens always say when they were issued
     * @param shared the issuer that everybody has; null for none
     */
    private record Facts(
            Set<JwsKey.Algorithm> algorithms,
            boolean issuedAtNeeded,
            @Nullable String shared) {}

    @SuppressWarnings("ImmutableEnumChecker") // sets and maps that cannot be changed
    private final Facts facts;

    /** How the part of a pattern before its star must begin to bind; empty: only the whole value binds. */
    @SuppressWarnings("ImmutableEnumChecker")
    private final Map<String, String> binding;

    IssuerType(Facts facts, Map<String, String> binding) {
        this.facts = facts;
        this.binding = binding;
    }

    /** The type of this name, or null. */
    static @Nullable IssuerType parse(String text) {
        for (IssuerType type : values()) {
            if (type.text().equals(text.toLowerCase(Locale.ROOT))) {
                return type;
            }
        }
        return null;
    }

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean takes(JwsKey.Algorithm algorithm) {
        return facts.algorithms().contains(algorithm);
    }

    boolean needsIssuedAt() {
        return facts.issuedAtNeeded();
    }

    /** The issuer that is meant when a rule names none; null when it must. */
    @Nullable
    String usualIssuer() {
        return facts.shared();
    }

    /** True for an issuer that gives tokens to everybody and whose rules must be of another type than this. */
    boolean isForeign(String issuer) {
        for (IssuerType type : values()) {
            @Nullable String shared = type.facts.shared();
            if (type != this && shared != null && (issuer.equals(shared) || issuer.startsWith(shared + "/"))) {
                return true;
            }
        }
        return false;
    }

    /** True when what matches the pattern under this claim is nobody's but whom the rule means. */
    boolean binds(String claim, String pattern) {
        @Nullable String start = binding.get(claim);
        if (start == null || pattern.startsWith("*")) {
            return false;
        }
        if (!pattern.endsWith("*")) {
            return true;
        }
        String literal = pattern.substring(0, pattern.length() - 1);
        return !start.isEmpty() && Pattern.compile(start).matcher(literal).lookingAt();
    }
}
