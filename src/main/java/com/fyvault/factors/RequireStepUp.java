package com.fyvault.factors;

import com.fyvault.api.StepUps;
import com.fyvault.people.LoginSessions;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import java.util.UUID;

/// For changes that a login alone must not be able to make, such as API keys. The login is read, not held: who asks
/// holds the organization already, and the end of a login takes the two in the other order.
public final class RequireStepUp implements StepUps {
    private final FactorStore store;
    private final LoginSessions sessions;

    public RequireStepUp(Database database, LoginSessions sessions) {
        this.store = new PostgresFactorStore(database);
        this.sessions = sessions;
    }

    /// Done when the person has confirmed a second factor in this login in the last 5 minutes, by the clock of the
    /// database; else STEP_UP_REQUIRED, or SECOND_FACTOR_REQUIRED for somebody without any.
    @Override
    public Future<Void> require(Transaction transaction, UUID userId, UUID sessionId) {
        return sessions.steppedUpWithin(transaction, userId, sessionId, FactorGate.FRESH)
                .compose(fresh -> fresh
                        ? Future.succeededFuture()
                        : store.enrolled(transaction, userId).map(enrolled -> {
                            throw Refusal.of(
                                    enrolled.any() ? ErrorCode.STEP_UP_REQUIRED : ErrorCode.SECOND_FACTOR_REQUIRED);
                        }));
    }
}
