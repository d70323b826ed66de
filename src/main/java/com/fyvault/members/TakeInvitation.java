package com.fyvault.members;

import com.fyvault.audit.AuditAction;
import com.fyvault.audit.AuditLog;
import com.fyvault.audit.AuditRecord;
import com.fyvault.crypto.Uuid7;
import com.fyvault.orgs.StandingStore;
import com.fyvault.people.Email;
import com.fyvault.people.Invited;
import com.fyvault.people.PersonCall;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Membership;
import com.fyvault.tokens.Role;
import com.fyvault.tokens.TokenFormat;
import io.vertx.core.Future;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Finds an invitation by its token, and makes a member of whoever it was sent to: somebody who is logged in, or who signs up
 * with it. Every way for it to be no good is one refusal. Of many who take it at once one gets it.
 */
public final class TakeInvitation implements Invited {
    private final InvitationStore store;
    private final TeamStore teams;
    private final StandingStore roles;
    private final AuditLog audit;
    private final Uuid7 ids;

    public TakeInvitation(
            PostgresInvitationStore store, PostgresTeamStore teams, StandingStore roles, AuditLog audit, Uuid7 ids) {
        this.store = store;
        this.teams = teams;
        this.roles = roles;
        this.audit = audit;
        this.ids = ids;
    }

    @Override
    public Future<Place> find(String token, Email email) {
        return open(token).map(open -> {
            checkAddress(open.invitation(), email.key());
            return new Waiting(open);
        });
    }

    /** The place that an invitation keeps. */
    private final class Waiting implements Place {
        private final InvitationStore.Open open;

        private Waiting(InvitationStore.Open open) {
            this.open = open;
        }

        @Override
        public UUID orgId() {
            return open.invitation().orgId();
        }

        @Override
        public String mailbox() {
            return open.invitation().mailbox();
        }

        @Override
        public Future<Void> take(Transaction transaction, UUID userId, PersonCall call) {
            return TakeInvitation.this.take(transaction, open, userId, call);
        }
    }

    Future<InvitationStore.Open> open(String token) {
        // What is no ASCII is no token of this server; it has no hash to look for.
        boolean plain = token.startsWith(Invitation.PREFIX) && token.chars().allMatch(c -> c > ' ' && c < 127);
        return (plain
                        ? store.find(TokenFormat.hash(token))
                        : Future.<InvitationStore.@Nullable Open>succeededFuture(null))
                .map(found -> {
                    if (found == null) {
                        throw Refusal.of(ErrorCode.INVITATION_NOT_FOUND);
                    }
                    return found;
                });
    }

    /** An account of another address has no use for it. */
    static void checkAddress(Invitation invitation, String emailKey) {
        won(invitation.email().equals(emailKey));
    }

    Future<Void> take(Transaction transaction, InvitationStore.Open open, UUID userId, PersonCall call) {
        Invitation invitation = open.invitation();
        Membership member = new Membership(
                invitation.orgId(),
                userId,
                invitation.grant().role(),
                invitation.grant().projects());
        return transaction
                .enter(invitation.orgId())
                .compose(in -> store.hold(transaction, invitation.orgId()))
                .compose(held -> stillGiven(transaction, invitation))
                .compose(given -> end(transaction, invitation, InvitationStore.End.ACCEPTED))
                .compose(ended -> store.join(transaction, member))
                .compose(joined -> {
                    won(joined);
                    return joinTeams(transaction, invitation, userId);
                })
                .compose(joined -> {
                    AuditRecord record = record(invitation, AuditAction.INVITATION_ACCEPT, call)
                            .detail("user_id", userId.toString());
                    return audit.append(transaction, record);
                });
    }

    Future<Void> decline(Transaction transaction, InvitationStore.Open open, PersonCall call) {
        return end(transaction, open.invitation(), InvitationStore.End.DECLINED)
                .compose(ended ->
                        audit.append(transaction, record(open.invitation(), AuditAction.INVITATION_DECLINE, call)));
    }

    private Future<Void> end(Transaction transaction, Invitation invitation, InvitationStore.End how) {
        return store.end(transaction, invitation, how).map(TakeInvitation::won);
    }

    /** Who invited must still be able to, and so must the key that did: what was begun with one that leaked gives nothing. */
    private Future<Void> stillGiven(Transaction transaction, Invitation invitation) {
        @Nullable UUID by = invitation.invitedBy();
        if (by == null) {
            return Future.succeededFuture();
        }
        return roles.find(transaction, invitation.orgId(), by)
                .map(inviter -> won(inviter != null
                        && inviter.role().administers()
                        && !inviter.role().isBelow(invitation.grant().role())))
                .compose(may -> invitation.invitedWith() == null
                        ? Future.succeededFuture(true)
                        : store.stands(transaction, invitation.invitedWith()))
                .map(TakeInvitation::won);
    }

    /** Into those of the teams that are still there. */
    private Future<Void> joinTeams(Transaction transaction, Invitation invitation, UUID userId) {
        Future<Void> joined = Future.succeededFuture();
        for (UUID team : invitation.teams()) {
            joined = joined.compose(before -> teams.hold(transaction, invitation.orgId(), team)
                    .compose(found -> found == null || found.team().role() == Role.NONE
                            ? Future.succeededFuture()
                            : teams.addMember(transaction, invitation.orgId(), team, userId)));
        }
        return joined;
    }

    private AuditRecord record(Invitation invitation, AuditAction action, PersonCall call) {
        return new AuditRecord(ids.next(), action)
                .bySystem(invitation.orgId())
                .from(call.address())
                .detail("invitation_id", invitation.id().toString())
                .detail("role", invitation.grant().role().text());
    }

    private static Void won(boolean won) {
        if (!won) {
            throw Refusal.of(ErrorCode.INVITATION_NOT_FOUND);
        }
        return null;
    }
}
