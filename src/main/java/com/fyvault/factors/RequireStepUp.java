package com.fyvault.factors;

import com.fyvault.people.LoginSession;
import com.fyvault.people.LoginSessions;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import java.util.List;
import java.util.UUID;

/// For features whose changes a login alone must not be able to make, such as API keys.
public final class RequireStepUp {
    private final FactorStore store;
    private final LoginSessions sessions;

    public RequireStepUp(Database database, LoginSessions sessions) {
        this.store = new PostgresFactorStore(database);
        this.sessions = sessions;
    }

    /// Done when the person has confirmed a second factor in this login in the last 5 minutes, by the clock of the
    /// database. The login is held until the commit. Else STEP_UP_REQUIRED, or SECOND_FACTOR_REQUIRED for somebody
    /// without any.
    public Future<Void> require(Transaction transaction, UUID userId, UUID sessionId) {
        return sessions.holdLive(transaction, userId, sessionId)
                .compose(live -> store.enrolled(transaction, userId).map(enrolled -> {
                    if (!enrolled.any()) {
                        throw Refusal.of(ErrorCode.SECOND_FACTOR_REQUIRED);
                    }
                    if (!isFresh(live, enrolled)) {
                        throw Refusal.of(ErrorCode.STEP_UP_REQUIRED);
                    }
                    return null;
                }));
    }

    private static boolean isFresh(List<LoginSession> live, FactorStore.Enrolled enrolled) {
        return live.stream().anyMatch(session -> FactorGate.isFresh(session.steppedUpAt(), enrolled.now()));
    }
}
