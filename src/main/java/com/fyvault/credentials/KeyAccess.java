package com.fyvault.credentials;

import com.fyvault.api.Call;
import com.fyvault.api.Ids;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.tokens.Credential;
import com.fyvault.tokens.Scope;
import com.fyvault.tokens.ScopeSet;
import com.fyvault.tokens.TokenKind;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which tokens a call may see and change. A token sees itself and what descends from it; one that may
 * administer tokens and is confined to nothing sees them all, and a person what is theirs. What it may not see is absent. What it
 * sees it changes only if it could have made it: else whoever holds a weak key could roll a strong one.
 */
final class KeyAccess {
    static final Set<TokenKind> KEYS = Set.of(TokenKind.API_KEY, TokenKind.TEST_KEY, TokenKind.PUBLIC_KEY);
    static final Set<TokenKind> SESSIONS = Set.of(TokenKind.SESSION);

    private KeyAccess() {}

    /** Refuses what may use authority but not pass it on: an edit widens, and a roll shows a token. */
    static void checkIssuer(Call call) {
        TokenKind kind = call.decision().kind();
        if (kind == TokenKind.AGENT || kind == TokenKind.BREAK_GLASS) {
            throw Refusal.of(ErrorCode.KIND_NOT_ALLOWED);
        }
    }

    /** The credential below which the call sees keys and what they make, or null for everything. */
    static @Nullable UUID below(Call call) {
        return below(call, TokenKind.API_KEY);
    }

    /** The same for tokens of a kind that has scopes of its own. */
    static @Nullable UUID below(Call call, TokenKind kind) {
        ScopeSet any = switch (kind) {
            case PROVIDER -> ScopeSet.of(Scope.PROVIDERS_WRITE, Scope.ORG_ADMIN);
            case DEVICE -> ScopeSet.of(Scope.DEVICES_READ, Scope.DEVICES_WRITE, Scope.ORG_ADMIN);
            default -> ScopeSet.of(Scope.TOKENS_WRITE, Scope.ORG_ADMIN);
        };
        boolean administers = !call.decision().scopes().intersect(any).isEmpty();
        return administers && !call.decision().isConfined()
                ? null
                : call.decision().credentialId();
    }

    static boolean isSeen(Call call, KeyStore.Standing found) {
        @Nullable UUID below = below(call, found.credential().kind());
        return below == null || isOwn(call, found);
    }

    /** True when it is the caller's token, descends from it, or belongs to the person who calls or to their team. */
    static boolean isOwn(Call call, KeyStore.Standing standing) {
        Credential caller = call.decision().credential();
        boolean persons = caller.kind() == TokenKind.LOGIN
                && caller.ownerUserId() != null
                && caller.ownerUserId().equals(standing.credential().ownerUserId());
        boolean teams =
                call.team() != null && call.team().equals(standing.credential().ownerTeamId());
        return persons || teams || isOrDescends(standing, caller.id());
    }

    /** A path that names a team is about that team's keys. */
    private static boolean isInPath(Call call, KeyStore.Standing found) {
        @Nullable String team = call.optionalPath("team");
        @Nullable UUID owner = found.credential().ownerTeamId();
        return team == null || (owner != null && owner.equals(Ids.parse(team)));
    }

    /** The credential, when the call sees it; else it is absent. */
    static KeyStore.Standing seen(Call call, KeyStore.@Nullable Standing found) {
        if (found == null || !isInPath(call, found) || !isSeen(call, found)) {
            throw Refusal.of(ErrorCode.CREDENTIAL_NOT_FOUND);
        }
        call.record().detail("token_id", found.credential().id().toString());
        return found;
    }

    /** The credential, when the call sees it and it is no stronger than the token that asks. */
    static KeyStore.Standing changeable(Call call, KeyStore.@Nullable Standing found) {
        KeyStore.Standing standing = seen(call, found);
        boolean own = isOwn(call, standing);
        if (!own && !Maker.of(call.decision()).covers(standing.credential())) {
            throw Refusal.of(ErrorCode.EXCEEDS_PARENT, "The token is stronger than the one that asks");
        }
        return standing;
    }

    /** True when the credential is this one or descends from it. */
    static boolean isOrDescends(KeyStore.Standing standing, UUID ancestor) {
        return standing.credential().id().equals(ancestor)
                || standing.ancestors().contains(ancestor);
    }
}
