package com.fyvault.tokens;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the owners of a token may do in each project, where that is not the same in all of them.
 *
 * @param bound the scopes that depend on the project
 * @param elsewhere those left in a project that is not named
 * @param named those left in a project that is
 */
record ProjectScopes(ScopeSet bound, ScopeSet elsewhere, Map<UUID, ScopeSet> named) {
    ProjectScopes {
        named = Map.copyOf(named);
    }

    /** True when the scope is not bound to projects, or left in this one. */
    boolean allows(Scope scope, UUID projectId) {
        return !bound.has(scope) || in(projectId).has(scope);
    }

    /** The projects in which anything is left, or null for all. */
    @Nullable
    Set<UUID> visible() {
        if (!elsewhere.isEmpty()) {
            return null;
        }
        Set<UUID> visible = new HashSet<>();
        named.forEach((id, scopes) -> {
            if (!scopes.isEmpty()) {
                visible.add(id);
            }
        });
        return visible;
    }

    /** What both leave. */
    ProjectScopes meet(ProjectScopes other) {
        Map<UUID, ScopeSet> both = new HashMap<>();
        named.keySet().forEach(id -> both.put(id, in(id).intersect(other.in(id))));
        other.named.keySet().forEach(id -> both.put(id, in(id).intersect(other.in(id))));
        return new ProjectScopes(bound, elsewhere.intersect(other.elsewhere), both);
    }

    private ScopeSet in(UUID projectId) {
        return named.getOrDefault(projectId, elsewhere);
    }
}
