package com.fyvault.members;

import com.fyvault.api.Answer;
import com.fyvault.people.Email;
import com.fyvault.people.PersonCall;
import com.fyvault.platform.http.Fields;
import com.fyvault.platform.postgres.Database;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

/**
 * What somebody makes of an invitation. A token that is not known, was used, has expired, or was sent to another address, is
 * one and the same answer.
 */
final class AnswerInvitation {
    private static final int LONGEST_TOKEN = 128;

    private final Database database;
    private final TakeInvitation invitations;

    AnswerInvitation(Database database, TakeInvitation invitations) {
        this.database = database;
        this.invitations = invitations;
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
        return open(call.body()).compose(open -> {
            TakeInvitation.checkAddress(
                    open.invitation(), Email.keyOf(call.person().email()));
            return database.inTransaction(
                            open.invitation().orgId(),
                            transaction -> invitations.take(
                                    transaction, open, call.person().userId(), call))
                    .map(joined -> Answer.ok(shown(open)));
        });
    }

    /** Whoever has the token may decline: that gives nothing. */
    Future<Answer> decline(PersonCall call) {
        return open(call.body())
                .compose(open -> database.inTransaction(
                        open.invitation().orgId(), transaction -> invitations.decline(transaction, open, call)))
                .map(declined -> Answer.done());
    }

    private Future<InvitationStore.Open> open(Fields body) {
        return invitations.open(body.text("token", LONGEST_TOKEN));
    }

    private static JsonObject shown(InvitationStore.Open open) {
        return Grants.show(
                        open.invitation().grant().role(),
                        open.invitation().grant().projects())
                .put("orgId", open.invitation().orgId().toString())
                .put("organization", open.orgName());
    }
}
