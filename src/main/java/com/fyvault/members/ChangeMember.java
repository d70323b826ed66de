package com.fyvault.members;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.credentials.OwnedKeys;
import com.fyvault.orgs.StandingStore;
import com.fyvault.orgs.Standings;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Fields;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Membership;
import com.fyvault.tokens.Role;
import com.fyvault.tokens.Withdrawals;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import java.util.UUID;

/**
 * Changes what a member may do, up to nothing. Each is one transaction under the organization's row; when it is
 * answered, nothing more is released on what was before, however many keys and sessions the member has.
 */
final class ChangeMember {
    private final Parts parts;
    private final Grants grants;

    /** What the changes are made with. */
    record Parts(
            MemberStore store,
            StandingStore roles,
            Standings standings,
            Handover handover,
            EndMember end,
            Withdrawals withdrawals) {}

    ChangeMember(Parts parts, Grants grants) {
        this.parts = parts;
        this.grants = grants;
    }

    /** Another role, other projects, or both. What is left out stays. */
    Future<Answer> edit(Call call, Transaction transaction) {
        call.body().refuseAllBut(Grants.FIELDS);
        return held(call, transaction).compose(before -> {
            if (before.role() == Role.NONE && Grants.role(call.body()) == null) {
                throw Fields.invalid("role", "is missing: the member is deactivated");
            }
            Grants.Grant had = new Grants.Grant(before.role(), before.projects());
            return grants.resolve(transaction, call.orgId(), call.body(), had).compose(asked -> {
                Authorisation.check(call, before.role(), asked.role());
                Membership after = new Membership(before.orgId(), before.userId(), asked.role(), asked.projects());
                call.record()
                        .detail("from", before.role().text())
                        .detail("role", after.role().text())
                        .detail("projects", after.projects().named().size())
                        .detail("assigned_only", after.projects().assignedOnly());
                return Authorisation.checkGiven(call, transaction, before.role(), after.role())
                        .compose(may -> change(call, transaction, before, after))
                        .compose(done -> view(call, transaction, before.userId()));
            });
        });
    }

    /** Takes the role away and leaves the rest: with a role the member, and their keys, are back. */
    Future<Answer> deactivate(Call call, Transaction transaction) {
        call.body().refuseAllBut(Set.of());
        return held(call, transaction).compose(before -> {
            Authorisation.check(call, before.role());
            call.record().detail("from", before.role().text());
            return change(call, transaction, before, before.as(Role.NONE))
                    .compose(done -> view(call, transaction, before.userId()));
        });
    }

    /** Ends the member and everything they own, but for keys that another one is to have. */
    Future<Answer> remove(Call call, Transaction transaction) {
        return held(call, transaction).compose(before -> {
            Authorisation.check(call, before.role());
            OwnedKeys.Owner owner = OwnedKeys.Owner.person(before.orgId(), before.userId());
            return parts.handover()
                    .ofQuery(call, transaction, owner)
                    .compose(handed -> parts.end()
                            .end(transaction, before, call.caller().actor())
                            .map(ended -> {
                                call.record()
                                        .detail("from", before.role().text())
                                        .detail("transferred", handed)
                                        .detail("revoked", ended.revoked());
                                settle(call, before, ended.epoch());
                                return Answer.ok(new JsonObject()
                                        .put("userId", before.userId().toString())
                                        .put("transferred", handed)
                                        .put("revoked", ended.revoked()));
                            }));
        });
    }

    /** Gives keys of the member to another one or to a team: all of them, or those that are named with what descends from them. */
    Future<Answer> transfer(Call call, Transaction transaction) {
        return held(call, transaction).compose(before -> {
            Authorisation.check(call, before.role());
            return parts.handover()
                    .ofBody(call, transaction, OwnedKeys.Owner.person(before.orgId(), before.userId()))
                    .compose(count -> change(call, transaction, before, before)
                            .map(done -> Answer.ok(new JsonObject().put("transferred", count))));
        });
    }

    private Future<Membership> held(Call call, Transaction transaction) {
        Authorisation.check(call);
        UUID userId = call.id("user", ErrorCode.MEMBER_NOT_FOUND);
        call.record().detail("user_id", userId.toString());
        return parts.roles().find(transaction, call.orgId(), userId).map(found -> {
            if (found == null) {
                throw Refusal.of(ErrorCode.MEMBER_NOT_FOUND);
            }
            return found;
        });
    }

    private Future<Void> change(Call call, Transaction transaction, Membership before, Membership after) {
        return parts.standings().change(transaction, before, after).map(epoch -> {
            settle(call, before, epoch);
            return null;
        });
    }

    private void settle(Call call, Membership before, long epoch) {
        call.afterCommit(() -> parts.withdrawals().settle(call.decision().org(), before.userId(), epoch));
    }

    private Future<Answer> view(Call call, Transaction transaction, UUID userId) {
        return parts.store()
                .find(transaction, call.orgId(), userId)
                .map(found -> Answer.ok(ListMembers.present(found).toJson()));
    }
}
