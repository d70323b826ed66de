package com.fyvault.tokens;

import java.util.Collection;
import java.util.List;
import java.util.UUID;

/**
 * Where a credential may act. An empty list does not restrict.
 *
 * @param secretPatterns lower-case names, prefixes ending in {@code *}, or ids as {@link SecretPatterns} writes them
 * @param cidrs canonical address ranges
 */
public record Reach(List<UUID> projectIds, List<UUID> environmentIds, List<String> secretPatterns, List<String> cidrs) {

    public static final Reach EVERYWHERE = new Reach(List.of(), List.of(), List.of(), List.of());

    public Reach {
        projectIds = List.copyOf(projectIds);
        environmentIds = List.copyOf(environmentIds);
        secretPatterns = List.copyOf(secretPatterns);
        cidrs = List.copyOf(cidrs);
    }

    /** The same, confined to these secrets; none of them is confined to nothing. */
    public Reach confinedTo(Collection<UUID> secretIds) {
        return new Reach(projectIds, environmentIds, SecretPatterns.of(secretIds), cidrs);
    }

    /** How many secrets it is confined to by id. */
    public long secretCount() {
        return secretPatterns.stream().filter(SecretPatterns::isId).count();
    }

    /** The secrets that it is confined to by id. */
    public List<UUID> secretIds() {
        return SecretPatterns.ids(secretPatterns);
    }
}
