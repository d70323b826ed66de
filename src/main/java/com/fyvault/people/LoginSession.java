package com.fyvault.people;

import com.fyvault.crypto.RowSeal;
import com.fyvault.tokens.ClientAddress;
import com.fyvault.tokens.TokenHash;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One login, from signing in to its end.
 *
 * @param token what its bearer is known by
 * @param cookie true for a browser's, which is over when it is idle for long
 * @param expiresAt its end whatever happens
 * @param agent what the client called itself; a person's help to know their logins apart, and nothing else
 */
public record LoginSession(
        UUID id,
        UUID userId,
        TokenHash token,
        boolean cookie,
        Instant signedInAt,
        @Nullable Instant steppedUpAt,
        Instant lastSeenAt,
        Instant expiresAt,
        @Nullable Instant endedAt,
        @Nullable ClientAddress address,
        @Nullable String agent) {

    /** The fields that a writer to the table must not be able to change: whose it is, by which token, until when. */
    RowSeal.Row sealOf(RowSeal seals) {
        return seals.fields("login.1")
                .add(id)
                .add(userId)
                .add(token.toBytes())
                .add(cookie)
                .add(signedInAt)
                .add(steppedUpAt)
                .add(expiresAt)
                .add(endedAt == null ? "live" : "ended");
    }

    LoginSession ended(Instant at) {
        return new LoginSession(
                id,
                userId,
                token,
                cookie,
                signedInAt,
                steppedUpAt,
                lastSeenAt,
                expiresAt,
                endedAt == null ? at : endedAt,
                address,
                agent);
    }

    /** The same login under another token, after a second factor. */
    LoginSession steppedUp(TokenHash rotated, Instant at) {
        return new LoginSession(
                id, userId, rotated, cookie, signedInAt, at, lastSeenAt, expiresAt, endedAt, address, agent);
    }
}
