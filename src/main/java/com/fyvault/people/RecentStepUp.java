package com.fyvault.people;

import com.fyvault.credentials.StepUps;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.UUID;

/** Asks for a second factor that was confirmed in the last five minutes. */
public final class RecentStepUp implements StepUps {
    private static final Duration FRESH = Duration.ofMinutes(5);

    private final LoginSessions sessions;

    public RecentStepUp(LoginSessions sessions) {
        this.sessions = sessions;
    }

    @Override
    public Future<Void> require(Transaction transaction, UUID userId, UUID sessionId) {
        return sessions.steppedUpWithin(transaction, userId, sessionId, FRESH).map(fresh -> {
            if (!fresh) {
                throw Refusal.of(ErrorCode.STEP_UP_REQUIRED);
            }
            return null;
        });
    }
}
