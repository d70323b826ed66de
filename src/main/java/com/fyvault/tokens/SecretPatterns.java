package com.fyvault.tokens;

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
}
