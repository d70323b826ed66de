package com.fyvault.tokens;

import com.fyvault.platform.http.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * What an organization and the owners of a token leave of it, as of the snapshot that its chain was read in.
 *
 * @param most the scopes that the role of every owner in the chain allows, in some project at least
 * @param refusal why nothing is left: the organization is locked, or an owner has gone; null when neither
 * @param role the lowest role in the organization that an owner in the chain has
 * @param projects what is left in each project; null when it is the same in all
 * @param policy what the organization asks of all its tokens
 */
public record Standing(
        ScopeSet most,
        @Nullable ErrorCode refusal,
        Role role,
        @Nullable ProjectScopes projects,
        Policy policy) {
    /** Nothing is taken away. */
    public static final Standing FULL = new Standing(ScopeSet.all(), null);

    /** The same in every project, of an organization that asks for nothing. */
    public Standing(ScopeSet most, @Nullable ErrorCode refusal) {
        this(most, refusal, Role.OWNER, null, Policy.NONE);
    }

    /** Nothing is left in a locked organization. */
    Standing locked() {
        return new Standing(ScopeSet.of(), ErrorCode.ORG_LOCKED, role, projects, policy);
    }

    Standing under(Policy asked) {
        return new Standing(most, refusal, role, projects, asked);
    }

    Standing in(Role other) {
        return in(other, ProjectRoles.ALL);
    }

    /** What an owner in this role leaves of it. */
    Standing in(Role other, ProjectRoles where) {
        @Nullable ErrorCode now = other == Role.NONE ? ErrorCode.TOKEN_REVOKED : refusal;
        Role lower = other.compareTo(role) > 0 ? other : role;
        if (where.isSame(other)) {
            return new Standing(most.intersect(other.scopes()), now, lower, projects, policy);
        }
        ProjectScopes scopes = where.scopes(other);
        return new Standing(
                most.intersect(where.most(other)),
                now,
                lower,
                projects == null ? scopes : projects.meet(scopes),
                policy);
    }
}
