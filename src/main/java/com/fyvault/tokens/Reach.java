package com.fyvault.tokens;

import java.util.List;
import java.util.UUID;

/**
 * Where a credential may act. An empty list does not restrict.
 *
 * @param secretPatterns lower-case names, or prefixes ending in {@code *}
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
}
