package com.fyvault.factors;

import com.fyvault.people.SecondFactors;
import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import java.util.UUID;

/// Whether somebody has a second factor, for whoever asks: the login, and an organization that requires one.
public final class EnrolledFactors implements SecondFactors {
    private final FactorStore store;

    public EnrolledFactors(Database database) {
        this.store = new PostgresFactorStore(database);
    }

    @Override
    public Future<Boolean> isEnrolled(UUID userId) {
        return store.enrolled(userId).map(FactorStore.Enrolled::any);
    }

    @Override
    public Future<Boolean> isEnrolled(Transaction transaction, UUID userId) {
        return store.enrolled(transaction, userId).map(FactorStore.Enrolled::any);
    }
}
