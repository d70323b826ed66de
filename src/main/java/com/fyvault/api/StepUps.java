package com.fyvault.api;

import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import java.util.UUID;

/** Whether a person has confirmed a second factor a moment ago. */
@FunctionalInterface
public interface StepUps {
    /** Done when they have, in this login and by the database's clock; refused with STEP_UP_REQUIRED else. */
    Future<Void> require(Transaction transaction, UUID userId, UUID sessionId);
}
