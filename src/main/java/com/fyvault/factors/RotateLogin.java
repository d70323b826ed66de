package com.fyvault.factors;

import com.fyvault.api.LoginToken;
import com.fyvault.people.EndLogins;
import com.fyvault.people.LoginSession;
import com.fyvault.people.LoginSessions;
import com.fyvault.people.Person;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.TokenFormat;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Notes that a login has been stepped up, by the database's clock. A browser's goes on under a new cookie: one that was
/// taken before is worth nothing from then on, in no organization. A program's token stays; it has no other place to be
/// taken from.
final class RotateLogin {
    private final LoginSessions sessions;
    private final FactorStore factors;
    private final EndLogins endLogins;
    private final SecureRandom random;

    RotateLogin(LoginSessions sessions, FactorStore factors, EndLogins endLogins, SecureRandom random) {
        this.sessions = sessions;
        this.factors = factors;
        this.endLogins = endLogins;
        this.random = random;
    }

    /// @param token the new cookie; null for a program
    /// @param left how long the login still lasts
    record Rotated(Instant at, @Nullable LoginToken token, Duration left, EndLogins.Ended before) {}

    Future<Rotated> rotate(Transaction transaction, Person person) {
        return factors.lock(transaction, person.userId())
                .compose(enrolled -> sessions.holdLive(transaction, person.userId(), person.sessionId())
                        .compose(live -> {
                            if (live.isEmpty()) {
                                throw Refusal.of(ErrorCode.TOKEN_REVOKED, "The login has ended");
                            }
                            return changed(transaction, live.get(0), enrolled.now());
                        }));
    }

    /// After the commit: done when the cookie of before is dead on every node.
    Future<Void> settle(Rotated rotated) {
        return endLogins.settle(rotated.before());
    }

    private Future<Rotated> changed(Transaction transaction, LoginSession session, Instant now) {
        EndLogins.Ended before = new EndLogins.Ended();
        Duration left = Duration.between(now, session.expiresAt());
        if (!session.cookie()) {
            return sessions.change(transaction, session.steppedUp(session.token(), now))
                    .map(new Rotated(now, null, left, before));
        }
        LoginToken token = new LoginToken(TokenFormat.draw(LoginToken.COOKIE_PREFIX, random), true);
        return endLogins
                .leave(transaction, session.id(), before)
                .compose(left0 -> sessions.change(transaction, session.steppedUp(token.hash(), now)))
                .map(new Rotated(now, token, left, before));
    }
}
