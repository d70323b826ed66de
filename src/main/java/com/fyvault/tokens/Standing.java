package com.fyvault.tokens;

import com.fyvault.platform.http.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * What an organization and the owners of a token leave of it, as of the snapshot that its chain was read in.
 *
 * @param most the scopes that the role of every owner in the chain allows
 * @param refusal why nothing is left: the organization is locked, or an owner has gone; null when neither
 */
public record Standing(ScopeSet most, @Nullable ErrorCode refusal) {
    /** Nothing is taken away. */
    public static final Standing FULL = new Standing(ScopeSet.all(), null);

    Standing in(Role role) {
        return new Standing(most.intersect(role.scopes()), role == Role.NONE ? ErrorCode.TOKEN_REVOKED : refusal);
    }
}
