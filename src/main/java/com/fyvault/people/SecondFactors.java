package com.fyvault.people;

import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import java.util.UUID;

/** What a person has besides a password. */
public interface SecondFactors {
    /** True when a password alone does not log the person in. */
    Future<Boolean> isEnrolled(UUID userId);

    /** The same as the transaction sees it. */
    Future<Boolean> isEnrolled(Transaction transaction, UUID userId);
}
