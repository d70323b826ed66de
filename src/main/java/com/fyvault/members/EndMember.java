package com.fyvault.members;

import com.fyvault.credentials.OwnedKeys;
import com.fyvault.orgs.Standings;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Membership;
import com.fyvault.tokens.ProjectRoles;
import com.fyvault.tokens.Role;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.temporal.ChronoUnit;

/**
 * Ends a member with everything they own, whoever wants that: others, or they themselves. In a transaction that holds the
 * organization's row; what was decided before its epoch has to be settled after the commit.
 */
final class EndMember {
    private final MemberStore store;
    private final Standings standings;
    private final OwnedKeys keys;
    private final Clock clock;

    EndMember(MemberStore store, Standings standings, OwnedKeys keys, Clock clock) {
        this.store = store;
        this.standings = standings;
        this.keys = keys;
        this.clock = clock;
    }

    /**
     * What has ended.
     *
     * @param revoked how many keys and other tokens, besides logins and the sessions of keys
     * @param epoch the organization's auth_epoch that this has set
     */
    record Ended(int revoked, long epoch) {}

    /** Refused when the member is the last owner. */
    Future<Ended> end(Transaction transaction, Membership member, String actor) {
        OwnedKeys.Owner owner = OwnedKeys.Owner.person(member.orgId(), member.userId());
        Membership gone = new Membership(member.orgId(), member.userId(), Role.NONE, ProjectRoles.ALL);
        return keys.end(transaction, owner, actor, clock.instant().truncatedTo(ChronoUnit.MICROS))
                .compose(revoked -> standings
                        .change(transaction, member, gone)
                        .compose(epoch -> store.remove(transaction, member.orgId(), member.userId())
                                .map(removed -> new Ended(revoked, epoch))));
    }
}
