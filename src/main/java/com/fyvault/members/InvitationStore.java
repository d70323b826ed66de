package com.fyvault.members;

import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Membership;
import com.fyvault.tokens.TokenHash;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where invitations are kept. One that has ended, or has expired, is found by nobody. */
interface InvitationStore {
    /** Open invitations of an organization. */
    int MOST_OPEN = 500;

    /** How an invitation ends. */
    enum End {
        ACCEPTED,
        DECLINED,
        WITHDRAWN,
        REPLACED
    }

    /** An open invitation with the name of its organization, and database time. */
    record Open(Invitation invitation, String orgName, Instant now) {}

    /** What stands in the way of another one, besides the name for the mail: a member of that address, or the number there is. */
    record Room(String orgName, boolean isMember, long open, Instant now) {}

    /** Open ones, newest first. */
    Future<List<Invitation>> list(UUID orgId, @Nullable UUID before, int limit);

    /** Ends what is open for the address, and says what room there is. */
    Future<Room> replace(Transaction transaction, UUID orgId, String email);

    Future<Void> add(Transaction transaction, Invitation invitation);

    Future<@Nullable Open> find(Transaction transaction, UUID orgId, UUID id);

    /** The open invitation of a token, of any organization that is not locked. */
    Future<@Nullable Open> find(TokenHash token);

    /** Writes another token, another one who invites, and another expiry. */
    Future<Void> renew(Transaction transaction, Invitation invitation);

    /** Ends it under this token; false when somebody else has, or it was given another one. */
    Future<Boolean> end(Transaction transaction, Invitation invitation, End how);

    /** Whether a key of the organization is neither revoked nor rolled, nor one that it descends from. */
    Future<Boolean> stands(Transaction transaction, TokenHash key);

    /** Holds the organization's row, as every change of authority does. */
    Future<Void> hold(Transaction transaction, UUID orgId);

    /** Makes somebody a member who is none, raising the epoch; false when they are one, or were deactivated. */
    Future<Boolean> join(Transaction transaction, Membership member);
}
