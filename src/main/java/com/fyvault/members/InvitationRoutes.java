package com.fyvault.members;

import static com.fyvault.tokens.Scope.MEMBERS_WRITE;
import static com.fyvault.tokens.Scope.ORG_ADMIN;

import com.fyvault.api.Routes;
import com.fyvault.audit.AuditAction;
import com.fyvault.audit.AuditLog;
import com.fyvault.crypto.Uuid7;
import com.fyvault.guesses.CountInvitation;
import com.fyvault.people.People;
import com.fyvault.people.PersonFrame;
import com.fyvault.platform.postgres.Database;
import java.security.SecureRandom;

/** How people come into an organization and go: invitations, for those who invite and those who are invited; leaving. */
public final class InvitationRoutes {
    private static final String INVITATIONS = "/orgs/{org}/invitations";
    private static final String INVITATION = INVITATIONS + "/{invitation}";
    private static final String TRIES = "invitations";

    private final Invite invite;
    private final AnswerInvitation answer;
    private final LeaveOrganization leave;
    private final int triesMinute;

    /** What the routes work with besides what members do. */
    public record Parts(
            MemberRoutes.Parts members,
            PostgresInvitationStore store,
            Database database,
            People people,
            AuditLog audit,
            CountInvitation mails,
            Uuid7 ids,
            SecureRandom random) {}

    /**
     * @param url where people reach this installation; empty when that is not known
     * @param triesMinute tokens that an address may try in a minute
     */
    public InvitationRoutes(Parts parts, String url, int triesMinute) {
        MemberRoutes.Parts members = parts.members();
        this.invite = new Invite(
                new Invite.Parts(
                        parts.store(),
                        members.teams(),
                        parts.people().outbox(),
                        parts.mails(),
                        new InvitationLetter(url),
                        parts.ids(),
                        parts.random()),
                new Grants(members.projects()));
        this.answer = new AnswerInvitation(
                parts.database(),
                new TakeInvitation(parts.store(), members.teams(), members.roles(), parts.audit(), parts.ids()));
        this.leave = new LeaveOrganization(new LeaveOrganization.Parts(
                parts.database(),
                parts.people(),
                members.roles(),
                members.end(),
                members.withdrawals(),
                parts.audit()));
        this.triesMinute = triesMinute;
    }

    public void mount(Routes routes) {
        routes.get(INVITATIONS, "listInvitations", AuditAction.INVITATION_LIST)
                .needs(MEMBERS_WRITE, ORG_ADMIN)
                .reads(invite::list);
        // Under the row for writing: it is what makes the limit exact.
        routes.post(INVITATIONS, "createInvitation", AuditAction.INVITATION_CREATE)
                .needs(MEMBERS_WRITE)
                .changesAuthority(invite::invite);
        routes.post(INVITATION + "/resend", "resendInvitation", AuditAction.INVITATION_RESEND)
                .needs(MEMBERS_WRITE)
                .changesAuthority(invite::resend);
        routes.delete(INVITATION, "withdrawInvitation", AuditAction.INVITATION_WITHDRAW)
                .needs(MEMBERS_WRITE)
                .changesAuthority(invite::withdraw);
    }

    /** Those of the invited. The token is in the body: a path is written into logs on its way. */
    public void mount(Routes routes, PersonFrame frame) {
        frame.open(
                routes.post("/invitations/view", "viewInvitation", AuditAction.INVITATION_LIST),
                limited(frame, answer::view));
        frame.open(
                routes.post("/invitations/decline", "declineInvitation", AuditAction.INVITATION_DECLINE),
                limited(frame, answer::decline));
        frame.person(
                routes.post("/invitations/accept", "acceptInvitation", AuditAction.INVITATION_ACCEPT),
                limited(frame, answer::accept));
        frame.person(routes.delete("/auth/me/orgs/{org}", "leaveOrg", AuditAction.MEMBER_LEAVE), leave::leave);
    }

    private PersonFrame.Work limited(PersonFrame frame, PersonFrame.Work work) {
        return call -> frame.limits().admit(call.address(), TRIES, triesMinute).compose(in -> work.answer(call));
    }
}
