package com.fyvault.people;

import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.TokenHash;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where logins are kept. */
public interface LoginSessions {
    /** Logins in a list. */
    int MOST_LISTED = 200;

    /**
     * A login that was looked up by its token, with its person.
     *
     * @param now database time
     */
    record Visit(LoginSession session, Account account, Instant now) {
        /** The person; refused when the login is over. */
        Person person(Duration idle) {
            if (session.endedAt() != null || !account.isActive()) {
                throw Refusal.of(ErrorCode.TOKEN_REVOKED, "The login has ended");
            }
            boolean resting =
                    session.cookie() && !session.lastSeenAt().plus(idle).isAfter(now);
            if (resting || !session.expiresAt().isAfter(now)) {
                throw Refusal.of(ErrorCode.TOKEN_EXPIRED, "The login has expired");
            }
            return new Person(
                    account.userId(),
                    account.email(),
                    session.id(),
                    session.signedInAt(),
                    session.steppedUpAt(),
                    session.cookie());
        }
    }

    /** A login's credential in an organization. */
    record Entry(UUID orgId, UUID credentialId) {}

    Future<Void> add(Transaction transaction, LoginSession session);

    /** The login of a token, alive or not. */
    Future<@Nullable Visit> find(TokenHash token);

    /** The same, held until the commit. */
    Future<@Nullable Visit> hold(Transaction transaction, TokenHash token);

    /** Notes that the login is in use. */
    Future<Void> seen(Transaction transaction, UUID sessionId);

    /** The same by itself. */
    Future<Void> seen(UUID sessionId);

    /** A person's logins that have not ended, newest first. */
    Future<List<LoginSession>> live(UUID userId);

    /**
     * A person's logins that have not ended, held until the commit in the order of their ids; one of them, or null
     * for all.
     */
    Future<List<LoginSession>> holdLive(Transaction transaction, UUID userId, @Nullable UUID only);

    /**
     * True when a second factor was confirmed in the person's login that short a time ago, by the database's clock. The
     * login is not held: whoever ends it holds it first and an organization then, and here the organization is held.
     */
    Future<Boolean> steppedUpWithin(Transaction transaction, UUID userId, UUID sessionId, Duration time);

    /** Writes the login as it is to be: ended, or stepped up under another token. */
    Future<Void> change(Transaction transaction, LoginSession session);

    /** The credentials that these logins have, in the order of their organizations, which is that of all who hold several. */
    Future<List<Entry>> entries(Transaction transaction, List<UUID> sessionIds);

    /** Forgets them: the login goes on under another token, and enters again. */
    Future<Void> forgetEntries(Transaction transaction, UUID sessionId);

    /** True when this is the login's first credential there; it must be held. */
    Future<Boolean> enter(Transaction transaction, UUID sessionId, Entry entry);

    /** True when the person has a role in the organization, and there is such an organization. */
    Future<Boolean> isMember(Transaction transaction, UUID orgId, UUID userId);

    /**
     * True when the organization lets nobody in who has a password alone. Its row is held until the commit: of the change of
     * that and somebody's entry, one waits for the other.
     */
    Future<Boolean> asksForSecondFactor(Transaction transaction, UUID orgId);
}
