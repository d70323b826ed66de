package com.fyvault.members;

import com.fyvault.crypto.RowSeal;
import com.fyvault.tokens.TokenHash;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A place in an organization that waits for the owner of an address. The row is sealed, because it gives a role.
 *
 * @param token of the mail, as its SHA-256
 * @param email what the address is compared by
 * @param mailbox where the mail goes
 * @param invitedBy the person who made it, or whose key did
 * @param invitedWith the token of the key that made it, as its SHA-256; null when a person did in a login
 */
record Invitation(
        UUID orgId,
        UUID id,
        TokenHash token,
        String email,
        String mailbox,
        Grants.Grant grant,
        List<UUID> teams,
        @Nullable UUID invitedBy,
        @Nullable TokenHash invitedWith,
        Instant createdAt,
        Instant expiresAt) {
    /** What begins the token in the mail. */
    static final String PREFIX = "fvinvite_";

    Invitation {
        teams = List.copyOf(teams);
    }

    /** The same under another token, for longer, of who sends it again. */
    Invitation renewed(TokenHash another, By by, Instant until) {
        return new Invitation(
                orgId, id, another, email, mailbox, grant, teams, by.userId(), by.token(), createdAt, until);
    }

    /** Who invites, and with what key. */
    record By(UUID userId, @Nullable TokenHash token) {}

    /** The fields that a writer to the table must not be able to change. */
    RowSeal.Row sealOf(RowSeal seals) {
        RowSeal.Row fields = seals.fields("invitation.1")
                .add(orgId)
                .add(id)
                .add(token.toBytes())
                .add(email)
                .add(grant.role().text())
                .add(grant.projects().assignedOnly())
                .add(grant.projects().sealed())
                .add(teams.stream().map(UUID::toString).toList())
                .add(invitedBy)
                .add(expiresAt);
        return invitedWith == null ? fields : fields.add(invitedWith.toBytes());
    }

    JsonObject toJson() {
        return Grants.show(grant.role(), grant.projects())
                .put("invitationId", id.toString())
                .put("email", mailbox)
                .put("teams", new JsonArray(teams.stream().map(UUID::toString).toList()))
                .put("invitedBy", invitedBy == null ? null : invitedBy.toString())
                .put("createdAt", createdAt.toString())
                .put("expiresAt", expiresAt.toString());
    }
}
