package com.fyvault.federation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Fields;
import com.fyvault.platform.http.Refusal;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a token's claims must be: for each claim one of some patterns, and all claims at once. A pattern is the whole
 * value, or begins or ends with one {@code *}. A claim inside an object is named by its path,
 * {@code /kubernetes.io/namespace} (RFC 6901).
 *
 * @param patterns by claim, in the order given
 */
record Conditions(Map<String, List<String>> patterns) {
    private static final int MOST_CLAIMS = 16;
    private static final int MOST_PATTERNS = 16;
    private static final int LONGEST_CLAIM = 128;
    private static final int LONGEST_PATTERN = 512;
    private static final String FIELD = "conditions";

    /** Claims with a rule of their own. */
    private static final Set<String> RESERVED = Set.of("iss", "aud", "exp", "nbf", "iat", "jti");

    private static final Map<String, String> ALIASES = Map.of("subject", "sub");

    Conditions {
        patterns = new LinkedHashMap<>(patterns);
    }

    /** Reads the conditions of a request or of a row. */
    static Conditions parse(String json) {
        @Nullable ObjectNode object = StrictJson.object(json);
        if (object == null || object.isEmpty() || object.size() > MOST_CLAIMS) {
            throw Fields.invalid(FIELD, "must be an object of 1 to " + MOST_CLAIMS + " claims, each named once");
        }
        Map<String, List<String>> patterns = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            String claim = ALIASES.getOrDefault(entry.getKey(), entry.getKey());
            if (claim.isBlank() || claim.length() > LONGEST_CLAIM || RESERVED.contains(claim) || !isPath(claim)) {
                throw Fields.invalid(FIELD, "names a claim that cannot be a condition");
            }
            if (patterns.put(claim, patterns(entry.getValue())) != null) {
                throw Fields.invalid(FIELD, "names a claim twice");
            }
        }
        return new Conditions(patterns);
    }

    /** Refuses conditions that strangers with an account at the same issuer can meet. */
    void checkBound(IssuerType type) {
        boolean bound = patterns.entrySet().stream()
                .anyMatch(claim -> claim.getValue().stream().allMatch(pattern -> type.binds(claim.getKey(), pattern)));
        if (!bound) {
            throw Refusal.of(ErrorCode.RULE_TOO_BROAD);
        }
    }

    /** True when every claim that is named is there and matches. */
    boolean hold(ObjectNode claims) {
        return patterns.entrySet().stream().allMatch(entry -> {
            @Nullable String value = value(claims, entry.getKey());
            return value != null && entry.getValue().stream().anyMatch(pattern -> matches(pattern, value));
        });
    }

    JsonObject toJson() {
        JsonObject json = new JsonObject();
        patterns.forEach((claim, list) -> json.put(claim, list.size() == 1 ? list.get(0) : new JsonArray(list)));
        return json;
    }

    /** A text, flag or whole number as its text; null for anything else. */
    private static @Nullable String value(ObjectNode claims, String claim) {
        @Nullable JsonNode node = claim.startsWith("/") ? claims.at(claim) : claims.get(claim);
        boolean plain = node != null && (node.isTextual() || node.isBoolean() || node.isIntegralNumber());
        return plain ? node.asText() : null;
    }

    private static boolean matches(String pattern, String value) {
        if (pattern.startsWith("*")) {
            return value.endsWith(pattern.substring(1));
        }
        return pattern.endsWith("*")
                ? value.startsWith(pattern.substring(0, pattern.length() - 1))
                : value.equals(pattern);
    }

    private static List<String> patterns(JsonNode given) {
        List<String> patterns = new ArrayList<>();
        for (JsonNode one : given.isArray() ? given : List.of(given)) {
            String pattern = one.isTextual() ? one.textValue() : "";
            int star = pattern.indexOf('*');
            boolean placed =
                    star < 0 || (star == pattern.lastIndexOf('*') && (star == 0 || star == pattern.length() - 1));
            boolean plain = pattern.chars().allMatch(c -> c >= ' ' && c != 127);
            if (pattern.isEmpty() || pattern.length() > LONGEST_PATTERN || !placed || !plain) {
                throw Fields.invalid(FIELD, "holds values, or patterns that begin or end with one *");
            }
            patterns.add(pattern);
        }
        if (patterns.isEmpty() || patterns.size() > MOST_PATTERNS) {
            throw Fields.invalid(FIELD, "takes 1 to " + MOST_PATTERNS + " patterns a claim");
        }
        return List.copyOf(patterns);
    }

    /** A name, or a path with every escape in its place. */
    private static boolean isPath(String claim) {
        return !claim.startsWith("/")
                || !claim.replace("~0", "").replace("~1", "").contains("~");
    }
}
