package com.fyvault.tokens;

import java.util.ArrayList;
import java.util.List;

/** Secret names a token may use: exact names, and prefixes that end in {@code *}. Without regard to case. */
public final class SecretPatterns {
    private final String[] exact;
    private final String[] prefixes;

    private SecretPatterns(String[] exact, String[] prefixes) {
        this.exact = exact;
        this.prefixes = prefixes;
    }

    /** Compiles lower-case patterns; an empty list matches everything. */
    public static SecretPatterns compile(List<String> patterns) {
        String[] exact = patterns.stream().filter(p -> !p.endsWith("*")).toArray(String[]::new);
        String[] prefixes = patterns.stream()
                .filter(p -> p.endsWith("*"))
                .map(p -> p.substring(0, p.length() - 1))
                .toArray(String[]::new);
        return new SecretPatterns(exact, prefixes);
    }

    /** True when nothing is restricted or a pattern matches the lower-case name. */
    public boolean allows(String nameKey) {
        if (exact.length == 0 && prefixes.length == 0) {
            return true;
        }
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
