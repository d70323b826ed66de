package com.fyvault.credentials;

import com.fyvault.api.Call;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Credential;
import com.fyvault.tokens.Reach;
import com.fyvault.tokens.TokenKind;
import io.vertx.core.Future;
import java.util.Objects;
import java.util.UUID;

/**
 * Who may make, widen and roll API keys: a person and no token, who has confirmed their second factor a moment ago and is a
 * developer in every project that the key sees. So a token that leaks makes no other that outlives it, and neither does
 * a login that was left open on a desk (docs/decisions/keys-made-by-people.md).
 */
public final class Issuers {
    private final VaultRoles roles;
    private final KeyTeams teams;

    public Issuers(VaultRoles roles, KeyTeams teams) {
        this.roles = roles;
        this.teams = teams;
    }

    /** Refuses whatever is no person. */
    static void checkPerson(Call call) {
        if (call.decision().kind() != TokenKind.LOGIN) {
            throw Refusal.of(ErrorCode.PERSON_REQUIRED);
        }
    }

    /** Refuses a person who may not make a key of this reach now. */
    Future<Void> checkMaking(Call call, Transaction transaction, Reach reach) {
        checkPerson(call);
        return call.confirmed(transaction).compose(fresh -> checkRoles(call, transaction, reach));
    }

    /** Refuses an edit that gives a key more than it has, unless its owner may make such a key now. */
    Future<Credential> checkEdit(Call call, Transaction transaction, Credential before, Credential after) {
        Maker had = Maker.of(before);
        if (had.covers(after) && had.outlives(after)) {
            return Future.succeededFuture(after);
        }
        return checkOwner(call, transaction, before)
                .compose(own -> checkMaking(call, transaction, after.reach()))
                .map(after);
    }

    /**
     * Refuses a roll, which shows a new token, to everybody but the key's owner. A person's own key is cut by their
     * role anyway; that of a team is cut by the team's, so it is rolled by who could make it.
     */
    Future<Void> checkRoll(Call call, Transaction transaction, Credential key) {
        return checkOwner(call, transaction, key)
                .compose(own -> call.confirmed(transaction))
                .compose(fresh -> key.ownerTeamId() == null
                        ? Future.succeededFuture()
                        : checkRoles(call, transaction, key.reach()));
    }

    /** Refuses who is not in the team, unless they could put themselves into it. */
    Future<Void> checkTeam(Call call, Transaction transaction, UUID teamId) {
        return teams.place(transaction, call.orgId(), teamId, owner(call)).map(place -> {
            if (place != KeyTeams.Place.INSIDE && !call.decision().role().administers()) {
                throw Refusal.of(ErrorCode.NOT_KEY_OWNER, "Only who is in the team can make, widen or roll its keys");
            }
            return null;
        });
    }

    /** An administrator who could widen or roll the keys of others would act under their names. */
    private Future<Void> checkOwner(Call call, Transaction transaction, Credential key) {
        checkPerson(call);
        if (key.ownerTeamId() != null) {
            return checkTeam(call, transaction, key.ownerTeamId()).compose(in -> checkCovered(call, key));
        }
        if (!owner(call).equals(key.ownerUserId())) {
            throw Refusal.of(ErrorCode.NOT_KEY_OWNER);
        }
        return Future.succeededFuture();
    }

    /** Being in a team gives nobody what the team has: else its weakest member could roll its strongest key. */
    private static Future<Void> checkCovered(Call call, Credential key) {
        if (!Maker.of(call.decision()).covers(key)) {
            throw Refusal.of(ErrorCode.EXCEEDS_PARENT, "The key of the team may do more than you may");
        }
        return Future.succeededFuture();
    }

    private Future<Void> checkRoles(Call call, Transaction transaction, Reach reach) {
        return roles.develops(transaction, call.orgId(), owner(call), reach).map(developer -> {
            if (!developer) {
                throw Refusal.of(
                        ErrorCode.ROLE_TOO_LOW, "A key is made by who is a developer in every vault that it sees");
            }
            return null;
        });
    }

    private static UUID owner(Call call) {
        return Objects.requireNonNull(call.decision().credential().ownerUserId());
    }
}
