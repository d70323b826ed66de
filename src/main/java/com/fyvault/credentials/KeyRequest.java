package com.fyvault.credentials;

import com.fyvault.api.Ids;
import com.fyvault.environments.Names;
import com.fyvault.limits.Windows;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Fields;
import com.fyvault.platform.http.Path;
import com.fyvault.platform.http.Refusal;
import com.fyvault.tokens.CidrSet;
import com.fyvault.tokens.Scope;
import com.fyvault.tokens.ScopeSet;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a request says of a token: each field by any of its names, null when absent.
 *
 * @param projects lower-case names or ids
 * @param environments lower-case names or ids
 * @param secrets lower-case names, or prefixes that end in a star
 * @param cidrs canonical address ranges
 * @param limits requests a window; with no window in it, no limit
 */
public record KeyRequest(
        @Nullable String label,
        @Nullable ScopeSet scopes,
        @Nullable List<String> projects,
        @Nullable List<String> environments,
        @Nullable List<String> secrets,
        @Nullable List<String> cidrs,
        Lifetime lifetime,
        @Nullable Windows limits) {
    private static final int LONGEST_LABEL = 200;
    private static final int LONGEST = 129;
    private static final int MOST_SCOPES = 64;
    private static final int MOST_PLACES = 200;
    private static final int MOST_SECRETS = 500;

    /** What every token is described by. The description is taken and dropped. */
    private static final Set<String> AUTHORITY = Set.of(
            "label",
            "name",
            "description",
            "scopes",
            "projects",
            "projectIds",
            "environments",
            "allowedEnvironments",
            "environmentIds",
            "allowedSecrets",
            "secrets",
            "ipAllowlist",
            "cidrs",
            "limits",
            "rateLimitRpm");

    private static final Set<String> OF_KEYS = with("kind", "expiresAt", "expiresInDays", "neverExpires");
    private static final Set<String> OF_PERSONS_KEYS =
            with("kind", "expiresAt", "expiresInDays", "neverExpires", "organization");
    private static final Set<String> OF_SESSIONS = with("ttlSeconds");

    /** Of a key, which lives until a date. */
    static KeyRequest ofKey(Fields body) {
        body.refuseAllBut(OF_KEYS);
        return parse(body);
    }

    /** The same of a request that may name the organization, which must be this one. */
    static KeyRequest ofKey(Fields body, UUID orgId) {
        body.refuseAllBut(OF_PERSONS_KEYS);
        @Nullable String organization = body.optionalText("organization", LONGEST);
        if (organization != null && !orgId.equals(Ids.parse(organization))) {
            throw Fields.invalid("organization", "is not the one that the request is sent to");
        }
        return parse(body);
    }

    /** Of a session, whose life is {@code ttlSeconds}. */
    static KeyRequest ofSession(Fields body) {
        body.refuseAllBut(OF_SESSIONS);
        return parse(body);
    }

    private static Set<String> with(String... further) {
        Set<String> all = new HashSet<>(AUTHORITY);
        Collections.addAll(all, further);
        return Set.copyOf(all);
    }

    /** Of a credential that has fields of its own besides these. */
    public static KeyRequest parse(Fields body) {
        return new KeyRequest(
                label(body),
                scopes(body),
                references(body, "projects", "projectIds"),
                references(body, "environments", "allowedEnvironments", "environmentIds"),
                patterns("allowedSecrets", list(body, MOST_SECRETS, "allowedSecrets", "secrets")),
                ranges(list(body, CidrSet.MOST, "ipAllowlist", "cidrs")),
                Lifetime.parse(body),
                Windows.asked(body));
    }

    /** The same with these scopes, whatever else was asked for. */
    public KeyRequest scopedTo(Scope... only) {
        return new KeyRequest(label, ScopeSet.of(only), projects, environments, secrets, cidrs, lifetime, limits);
    }

    /** The same in this project alone, by its name or id. */
    public KeyRequest inProject(String reference) {
        if (!isPlain(reference)) {
            throw Fields.invalid("projectId", "is neither a name nor an id");
        }
        return new KeyRequest(
                label, scopes, List.of(Names.key(reference)), environments, secrets, cidrs, lifetime, limits);
    }

    /** The same for secrets whose names begin so, which the field says; an empty prefix restricts nothing. */
    public KeyRequest confinedTo(String field, String prefix) {
        @Nullable List<String> begins = prefix.isEmpty() ? List.of() : patterns(field, List.of(prefix + "*"));
        return new KeyRequest(label, scopes, projects, environments, begins, cidrs, lifetime, limits);
    }

    private static @Nullable String label(Fields body) {
        @Nullable String label = body.optionalText("label", LONGEST_LABEL);
        @Nullable String text = label == null ? body.optionalText("name", LONGEST_LABEL) : label;
        if (text != null && text.isBlank()) {
            throw Fields.invalid("label", "is empty");
        }
        return text;
    }

    /** An empty list is refused: taken for "none given" it would mean all of the maker's. */
    private static @Nullable ScopeSet scopes(Fields body) {
        @Nullable List<String> names = body.optionalTexts("scopes", MOST_SCOPES, LONGEST);
        if (names != null && names.isEmpty()) {
            throw Refusal.of(ErrorCode.INVALID_SCOPE, "scopes is empty; leave it out for those of the token that asks");
        }
        return names == null ? null : ScopeSet.parse(names);
    }

    /** The list under the one of its names that is there; two at once are refused, or one would be dropped unseen. */
    private static @Nullable List<String> list(Fields body, int most, String... names) {
        @Nullable List<String> list = null;
        for (String name : names) {
            @Nullable List<String> found = body.optionalTexts(name, most, LONGEST);
            if (found != null && list != null) {
                throw Fields.invalid(name, "is given under two names");
            }
            list = found == null ? list : found;
        }
        return list;
    }

    private static @Nullable List<String> references(Fields body, String... names) {
        @Nullable List<String> found = list(body, MOST_PLACES, names);
        if (found == null) {
            return null;
        }
        if (found.stream().anyMatch(reference -> !isPlain(reference))) {
            throw Fields.invalid(names[0], "holds what is neither a name nor an id");
        }
        return found.stream().map(Names::key).distinct().toList();
    }

    private static @Nullable List<String> patterns(String field, @Nullable List<String> texts) {
        if (texts == null) {
            return null;
        }
        for (String text : texts) {
            String stem = text.endsWith("*") ? text.substring(0, text.length() - 1) : text;
            if (!(stem.isEmpty() ? text.equals("*") : isPlain(stem))) {
                throw Fields.invalid(field, "holds names, and prefixes that end in one *");
            }
        }
        return texts.stream().map(Names::key).distinct().toList();
    }

    private static @Nullable List<String> ranges(@Nullable List<String> texts) {
        return texts == null
                ? null
                : texts.stream().map(CidrSet::canonical).distinct().toList();
    }

    private static boolean isPlain(String text) {
        return !text.isEmpty() && text.length() < LONGEST && text.chars().allMatch(c -> Path.isPlain((char) c));
    }
}
