package com.fyvault.members;

import com.fyvault.api.Answer;
import com.fyvault.audit.AuditAction;
import com.fyvault.audit.AuditLog;
import com.fyvault.audit.AuditRecord;
import com.fyvault.audit.RecordedRefusal;
import com.fyvault.orgs.StandingStore;
import com.fyvault.people.People;
import com.fyvault.people.PersonCall;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Membership;
import com.fyvault.tokens.Role;
import com.fyvault.tokens.Withdrawals;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import java.util.UUID;

/**
 * A person leaves an organization: the same as being removed, but that nobody else gets their keys. Somebody could take a key
 * along that a stronger one now answers for. Only a login leaves: a key that got lost must not throw out its owner. What
 * the organization asks of those who come in is not asked here, for whoever cannot come in may still go.
 */
final class LeaveOrganization {
    private final Parts parts;

    /** What it is done with. */
    record Parts(
            Database database,
            People people,
            StandingStore roles,
            EndMember end,
            Withdrawals withdrawals,
            AuditLog audit) {}

    LeaveOrganization(Parts parts) {
        this.parts = parts;
    }

    /** {@code DELETE /auth/me/orgs/{org}}: an organization of others is like one that is not there. */
    Future<Answer> leave(PersonCall call) {
        UUID orgId = call.id("org", ErrorCode.ORG_NOT_FOUND);
        UUID userId = call.person().userId();
        call.body().refuseAllBut(Set.of());
        return parts.database()
                .inTransaction(
                        orgId,
                        transaction -> parts.people()
                                .confirm(call, transaction)
                                .compose(still -> parts.roles().find(transaction, orgId, userId))
                                .compose(member -> {
                                    if (member == null || member.role() == Role.NONE) {
                                        throw Refusal.of(ErrorCode.ORG_NOT_FOUND);
                                    }
                                    return ended(call, transaction, member);
                                }))
                .recover(failure -> Future.failedFuture(told(call, orgId, failure)))
                .compose(ended -> parts.withdrawals()
                        .settle(orgId, userId, ended.epoch())
                        .map(settled -> Answer.ok(
                                new JsonObject().put("orgId", orgId.toString()).put("revoked", ended.revoked()))));
    }

    /** That somebody is told to stay stands in the trail; of an organization that is none of theirs there is nothing to tell. */
    private static Throwable told(PersonCall call, UUID orgId, Throwable failure) {
        if (!(failure instanceof Refusal refusal) || refusal.code() != ErrorCode.LAST_OWNER) {
            return failure;
        }
        AuditRecord record = new AuditRecord(call.id(), AuditAction.MEMBER_LEAVE)
                .bySystem(orgId)
                .from(call.address())
                .detail("user_id", call.person().userId().toString());
        return new RecordedRefusal(refusal, record);
    }

    private Future<EndMember.Ended> ended(PersonCall call, Transaction transaction, Membership member) {
        String actor = "login:" + call.person().sessionId();
        return parts.end().end(transaction, member, actor).compose(ended -> {
            AuditRecord record = new AuditRecord(call.id(), AuditAction.MEMBER_LEAVE)
                    .bySystem(member.orgId())
                    .from(call.address())
                    .detail("user_id", member.userId().toString())
                    .detail("from", member.role().text())
                    .detail("revoked", ended.revoked());
            return parts.audit().append(transaction, record).map(ended);
        });
    }
}
