package com.fyvault.members;

import com.fyvault.api.Answer;
import com.fyvault.audit.AuditAction;
import com.fyvault.audit.AuditLog;
import com.fyvault.audit.AuditRecord;
import com.fyvault.crypto.Uuid7;
import com.fyvault.orgs.StandingStore;
import com.fyvault.people.Email;
import com.fyvault.people.PersonCall;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Fields;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Membership;
import com.fyvault.tokens.Role;
import com.fyvault.tokens.TokenFormat;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What somebody makes of an invitation. A token that is not known, was used, has expired, or was sent to another address, is
 * one and the same answer. Of many who accept at once one does.
 */
final class AnswerInvitation {
    private static final int LONGEST_TOKEN = 128;

    private final Parts parts;

    /** What answers are taken with. */
    record Parts(
            Database database,
            InvitationStore store,
            TeamStore teams,
            StandingStore roles,
            AuditLog audit,
            Uuid7 ids) {}

    AnswerInvitation(Parts parts) {
        this.parts = parts;
    }

    /** What the invitation is to, for whoever has its token. */
    Future<Answer> view(PersonCall call) {
        return open(call.body())
                .map(open -> Answer.ok(shown(open)
                        .put("email", open.invitation().mailbox())
                        .put("expiresAt", open.invitation().expiresAt().toString())));
    }

    /** Somebody who is logged in, with the address that the invitation was sent to, becomes a member. */
    Future<Answer> accept(PersonCall call) {
        return open(call.body())
                .compose(open -> parts.database()
                        .inTransaction(
                                open.invitation().orgId(),
                                transaction -> accept(
                                                transaction,
                                                open,
                                                call.person().userId(),
                                                Email.keyOf(call.person().email()))
                                        .compose(joined ->
                                                recorded(transaction, call, open, AuditAction.INVITATION_ACCEPT))
                                        .map(noted -> Answer.ok(shown(open)))));
    }

    /** Whoever has the token may decline: that gives nothing. */
    Future<Answer> decline(PersonCall call) {
        return open(call.body())
                .compose(open -> parts.database()
                        .inTransaction(
                                open.invitation().orgId(),
                                transaction -> parts.store()
                                        .end(transaction, open.invitation(), InvitationStore.End.DECLINED)
                                        .map(AnswerInvitation::won)
                                        .compose(ended ->
                                                recorded(transaction, call, open, AuditAction.INVITATION_DECLINE))
                                        .map(noted -> Answer.done())));
    }

    private Future<Void> accept(Transaction transaction, InvitationStore.Open open, UUID userId, String email) {
        Invitation invitation = open.invitation();
        if (!invitation.email().equals(email)) {
            throw Refusal.of(ErrorCode.INVITATION_NOT_FOUND);
        }
        Membership member = new Membership(
                invitation.orgId(),
                userId,
                invitation.grant().role(),
                invitation.grant().projects());
        return parts.store()
                .hold(transaction, invitation.orgId())
                .compose(held -> stillGiven(transaction, invitation))
                .compose(given -> parts.store().end(transaction, invitation, InvitationStore.End.ACCEPTED))
                .map(AnswerInvitation::won)
                .compose(ended -> parts.store().join(transaction, member))
                .map(AnswerInvitation::won)
                .compose(joined -> joinTeams(transaction, invitation, userId));
    }

    /** Who invited must still be able to: what somebody began who was removed since gives nothing. */
    private Future<Void> stillGiven(Transaction transaction, Invitation invitation) {
        @Nullable UUID by = invitation.invitedBy();
        if (by == null) {
            return Future.succeededFuture();
        }
        return parts.roles().find(transaction, invitation.orgId(), by).map(inviter -> {
            boolean may = inviter != null
                    && inviter.role().administers()
                    && !inviter.role().isBelow(invitation.grant().role());
            return won(may);
        });
    }

    /** Into those of the teams that are still there. */
    private Future<Void> joinTeams(Transaction transaction, Invitation invitation, UUID userId) {
        Future<Void> joined = Future.succeededFuture();
        for (UUID team : invitation.teams()) {
            joined = joined.compose(before -> parts.teams()
                    .hold(transaction, invitation.orgId(), team)
                    .compose(found -> found == null || found.team().role() == Role.NONE
                            ? Future.succeededFuture()
                            : parts.teams().addMember(transaction, invitation.orgId(), team, userId)));
        }
        return joined;
    }

    private Future<Void> recorded(
            Transaction transaction, PersonCall call, InvitationStore.Open open, AuditAction action) {
        AuditRecord record = new AuditRecord(parts.ids().next(), action)
                .bySystem(open.invitation().orgId())
                .from(call.address())
                .detail("invitation_id", open.invitation().id().toString())
                .detail("role", open.invitation().grant().role().text());
        if (action == AuditAction.INVITATION_ACCEPT) {
            record.detail("user_id", call.person().userId().toString());
        }
        return parts.audit().append(transaction, record);
    }

    private Future<InvitationStore.Open> open(Fields body) {
        String token = body.text("token", LONGEST_TOKEN);
        // What is no ASCII is no token of this server; it has no hash to look for.
        boolean plain = token.startsWith(Invitation.PREFIX) && token.chars().allMatch(c -> c > ' ' && c < 127);
        return (plain
                        ? parts.store().find(TokenFormat.hash(token))
                        : Future.<InvitationStore.@Nullable Open>succeededFuture(null))
                .map(found -> {
                    if (found == null) {
                        throw Refusal.of(ErrorCode.INVITATION_NOT_FOUND);
                    }
                    return found;
                });
    }

    private static JsonObject shown(InvitationStore.Open open) {
        return Grants.show(
                        open.invitation().grant().role(),
                        open.invitation().grant().projects())
                .put("orgId", open.invitation().orgId().toString())
                .put("organization", open.orgName());
    }

    private static Void won(boolean won) {
        if (!won) {
            throw Refusal.of(ErrorCode.INVITATION_NOT_FOUND);
        }
        return null;
    }
}
