package com.fyvault.purge;

import com.fyvault.audit.AuditAction;
import com.fyvault.audit.AuditLog;
import com.fyvault.audit.AuditRecord;
import com.fyvault.crypto.Uuid7;
import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.UUID;

/**
 * Removes session tokens that expired long ago: small transactions, each of one organization and with
 * one audit record that says how many went. Until then the trail can tell of whom a session was.
 */
public final class PurgeSessions implements PurgeRound {
    private final Database database;
    private final SessionPurgeStore store;
    private final AuditLog audit;
    private final Uuid7 ids;
    private final Bounds bounds;

    /**
     * How far a round goes.
     *
     * @param kept how long an expired session stays
     * @param batch sessions a transaction
     * @param batches transactions a round
     */
    public record Bounds(Duration kept, int batch, int batches) {}

    public PurgeSessions(Database database, SessionPurgeStore store, AuditLog audit, Uuid7 ids, Bounds bounds) {
        this.database = database;
        this.store = store;
        this.audit = audit;
        this.ids = ids;
        this.bounds = bounds;
    }

    @Override
    public Future<Integer> purge() {
        return round(bounds.batches(), 0);
    }

    private Future<Integer> round(int batchesLeft, int gone) {
        if (batchesLeft == 0) {
            return Future.succeededFuture(gone);
        }
        return store.due(bounds.kept()).compose(orgId -> {
            if (orgId == null) {
                return Future.succeededFuture(gone);
            }
            return database.inTransaction(orgId, transaction -> batch(transaction, orgId))
                    // None, though some are due: another node has them.
                    .compose(removed ->
                            removed == 0 ? Future.succeededFuture(gone) : round(batchesLeft - 1, gone + removed));
        });
    }

    private Future<Integer> batch(Transaction transaction, UUID orgId) {
        return store.remove(transaction, orgId, bounds.kept(), bounds.batch()).compose(removed -> {
            if (removed == 0) {
                return Future.succeededFuture(0);
            }
            AuditRecord record = new AuditRecord(ids.next(), AuditAction.SESSION_PURGE)
                    .bySystem(orgId)
                    .detail("count", removed);
            return audit.append(transaction, record).map(removed);
        });
    }
}
