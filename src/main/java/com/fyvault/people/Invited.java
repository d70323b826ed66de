package com.fyvault.people;

import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import java.util.UUID;

/** What an invitation is worth to somebody who has no account yet: its token was mailed to the address, so it proves it. */
public interface Invited {
    /** The open invitation of a token. INVITATION_NOT_FOUND when it is not known or over, or was sent to another address. */
    Future<Place> find(String token, Email email);

    /** A place in an organization that waits. */
    interface Place {
        UUID orgId();

        /** The address as the invitation was sent there. */
        String mailbox();

        /** Makes the person a member, once; INVITATION_NOT_FOUND when that is not possible any more. */
        Future<Void> take(Transaction transaction, UUID userId, PersonCall call);
    }
}
