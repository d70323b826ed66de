package com.fyvault.tokens;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * Secrets a token may use: exact names, prefixes that end in {@code *}, and ids. Names are without
 * regard to case; they hold in every project, an id means one secret and none that is given its name later.
 */
public final class SecretPatterns {
    /** Before an id, which no name begins with. Alone it matches nothing, so a list of ids is never an empty one. */
    private static final String ID = "#";

    private final String[] exact;
    private final String[] prefixes;
    private final Set<UUID> ids;
    private final boolean byId;

    private SecretPatterns(List<String> patterns) {
        this.exact = patterns.stream()
                .filter(p -> !p.endsWith("*") && !p.startsWith(ID))
                .toArray(String[]::new);
        this.prefixes = patterns.stream()
                .filter(p -> p.endsWith("*"))
                .map(p -> p.substring(0, p.length() - 1))
                .toArray(String[]::new);
        this.byId = patterns.stream().anyMatch(p -> p.startsWith(ID));
        this.ids = Set.copyOf(ids(patterns));
    }

    /** Compiles lower-case patterns; an empty list matches everything. */
    public static SecretPatterns compile(List<String> patterns) {
        return new SecretPatterns(patterns);
    }

    /** The patterns of these secrets and no others; none of them match nothing. */
    static List<String> of(Collection<UUID> secretIds) {
        List<String> patterns = new ArrayList<>();
        patterns.add(ID);
        secretIds.forEach(id -> patterns.add(ID + id));
        return patterns;
    }

    /** The ids among the patterns. */
    static List<UUID> ids(List<String> patterns) {
        return patterns.stream()
                .filter(SecretPatterns::isId)
                .map(p -> UUID.fromString(p.substring(ID.length())))
                .toList();
    }

    static boolean isId(String pattern) {
        return pattern.startsWith(ID) && pattern.length() > ID.length();
    }

    /** True when nothing is restricted, or the secret's id or lower-case name is matched. */
    public boolean allows(UUID secretId, String nameKey) {
        return ids.contains(secretId) || (!byId && unrestricted()) || matches(nameKey);
    }

    /** False when no secret of that lower-case name is allowed; true when one may be, by its id. */
    public boolean mayAllow(String nameKey) {
        return byId || unrestricted() || matches(nameKey);
    }

    private boolean unrestricted() {
        return exact.length == 0 && prefixes.length == 0;
    }

    private boolean matches(String nameKey) {
        for (String name : exact) {
            if (name.equals(nameKey)) {
                return true;
            }
        }
        for (String prefix : prefixes) {
            if (nameKey.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }

    /** True when every name that the inner pattern matches is matched by one of the outer patterns alone. */
    public static boolean covers(List<String> outer, String inner) {
        return outer.stream().anyMatch(pattern -> covers(pattern, inner));
    }

    /** The patterns of the names that both lists match; unlike a list of a credential, an empty one matches none. */
    public static List<String> meet(List<String> one, List<String> other) {
        List<String> both = new ArrayList<>();
        one.stream().filter(pattern -> covers(other, pattern)).forEach(both::add);
        other.stream()
                .filter(pattern -> covers(one, pattern) && !both.contains(pattern))
                .forEach(both::add);
        return both;
    }

    private static boolean covers(String outer, String inner) {
        return outer.endsWith("*") ? inner.startsWith(outer.substring(0, outer.length() - 1)) : outer.equals(inner);
    }
}
