package com.fyvault.tokens;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Where a role holds. In a project that is named here its holder has the role that stands beside it, which may be more or
 * less than the one in the organization; in any other the one in the organization, or nothing when only what was
 * assigned is there for them. Owners and admins are in every project, whatever stands here.
 *
 * @param assignedOnly true when projects that are not named are absent
 * @param named roles by project, none of them {@link Role#OWNER} or {@link Role#NONE}
 */
public record ProjectRoles(boolean assignedOnly, Map<UUID, Role> named) {
    /** Every project, in the role of the organization. */
    public static final ProjectRoles ALL = new ProjectRoles(false, Map.of());

    /** Projects that may be named. */
    public static final int MOST = 200;

    /** What of a role depends on the project. The rest is of the organization. */
    private static final ScopeSet BOUND =
            ScopeSet.of(Scope.SECRETS_READ, Scope.SECRETS_WRITE, Scope.ENVIRONMENTS_WRITE);

    /** What a role in a project can give besides: keys, which are confined like their owner. */
    private static final ScopeSet RAISED =
            ScopeSet.of(Scope.SECRETS_READ, Scope.SECRETS_WRITE, Scope.ENVIRONMENTS_WRITE, Scope.TOKENS_WRITE);

    public ProjectRoles {
        named = Map.copyOf(named);
    }

    /** The roles of two columns that belong together, or null when they do not. */
    public static @Nullable ProjectRoles of(boolean assignedOnly, UUID[] projects, String[] roles) {
        if (projects.length != roles.length) {
            return null;
        }
        Map<UUID, Role> named = new HashMap<>();
        for (int i = 0; i < projects.length; i++) {
            named.put(projects[i], Role.of(roles[i]));
        }
        return new ProjectRoles(assignedOnly, named);
    }

    /** The projects that are named, in order. */
    public List<UUID> ids() {
        return named.keySet().stream().sorted().toList();
    }

    /** The names of their roles, in the same order. */
    public List<String> texts() {
        return ids().stream()
                .map(id -> Objects.requireNonNull(named.get(id)).text())
                .toList();
    }

    /** Each project with its role, for the seal. */
    public List<String> sealed() {
        List<UUID> ids = ids();
        List<String> roles = texts();
        return IntStream.range(0, ids.size())
                .mapToObj(i -> ids.get(i) + "=" + roles.get(i))
                .toList();
    }

    /** The role in a project of somebody who has this one in the organization. */
    public Role inProject(UUID projectId, Role ofOrg) {
        if (ofOrg == Role.NONE || ofOrg.administers()) {
            return ofOrg;
        }
        @Nullable Role own = named.get(projectId);
        return own != null ? own : assignedOnly ? Role.NONE : ofOrg;
    }

    /** True when the role is the same everywhere. */
    boolean isSame(Role ofOrg) {
        return ofOrg == Role.NONE || ofOrg.administers() || (!assignedOnly && named.isEmpty());
    }

    /** The scopes that the role has anywhere. */
    ScopeSet most(Role ofOrg) {
        ScopeSet most = assignedOnly ? ofOrg.scopes().without(BOUND) : ofOrg.scopes();
        for (Role role : named.values()) {
            most = most.union(role.scopes().intersect(RAISED));
        }
        return most;
    }

    /** What the role has in each project. */
    ProjectScopes scopes(Role ofOrg) {
        Map<UUID, ScopeSet> scopes = new HashMap<>();
        named.forEach((id, role) -> scopes.put(id, role.scopes().intersect(BOUND)));
        ScopeSet elsewhere = assignedOnly ? ScopeSet.of() : ofOrg.scopes().intersect(BOUND);
        return new ProjectScopes(BOUND, elsewhere, scopes);
    }
}
