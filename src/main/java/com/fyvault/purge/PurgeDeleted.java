package com.fyvault.purge;

import com.fyvault.audit.AuditAction;
import com.fyvault.audit.AuditLog;
import com.fyvault.audit.AuditRecord;
import com.fyvault.crypto.Uuid7;
import com.fyvault.platform.config.PurgeSettings;
import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Everywhere;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import java.util.List;

/** One round of purging: a bounded number of small transactions, each with its audit records, on one node at a time. */
public final class PurgeDeleted implements PurgeRound {
    private final Everywhere everywhere;
    private final PurgeStore store;
    private final AuditLog audit;
    private final Uuid7 ids;
    private final PurgeSettings settings;

    public PurgeDeleted(Database database, PurgeStore store, AuditLog audit, Uuid7 ids, PurgeSettings settings) {
        this.everywhere = database.everywhere();
        this.store = store;
        this.audit = audit;
        this.ids = ids;
        this.settings = settings;
    }

    /** Purges until nothing is due, the round's bound is reached, or another node does it; how many things went. */
    @Override
    public Future<Integer> purge() {
        return round(new Progress(settings.batches(), settings.batch(), 0));
    }

    private record Progress(int batchesLeft, int size, int gone) {
        Progress after(int purged) {
            return new Progress(batchesLeft - 1, size, gone + purged);
        }

        /** A batch with many large versions can be more than the store does in one statement's time. */
        Progress smaller() {
            return new Progress(batchesLeft - 1, Math.max(1, size / 4), gone);
        }
    }

    private Future<Integer> round(Progress progress) {
        if (progress.batchesLeft() == 0) {
            return Future.succeededFuture(progress.gone());
        }
        return everywhere
                .inTransaction(transaction -> batch(transaction, progress.size()))
                .map(gone -> gone == 0 ? new Progress(0, 0, progress.gone()) : progress.after(gone))
                .recover(failure ->
                        progress.size() > 1 ? Future.succeededFuture(progress.smaller()) : Future.failedFuture(failure))
                .compose(this::round);
    }

    private Future<Integer> batch(Transaction transaction, int size) {
        return store.claim(transaction).compose(mine -> {
            Future<Integer> gone = Future.succeededFuture(0);
            for (PurgeStore.Kind kind : mine ? PurgeStore.Kind.values() : new PurgeStore.Kind[0]) {
                // The first kind of which something is due: what is inside goes before what it is in.
                gone = gone.compose(
                        before -> before > 0 ? Future.succeededFuture(before) : remove(transaction, kind, size));
            }
            return gone;
        });
    }

    private Future<Integer> remove(Transaction transaction, PurgeStore.Kind kind, int size) {
        return store.purge(transaction, kind, size)
                .compose(gone -> recorded(transaction, gone).map(gone.size()));
    }

    private Future<Void> recorded(Transaction transaction, List<PurgeStore.Purged> gone) {
        Future<Void> done = Future.succeededFuture();
        for (PurgeStore.Purged one : gone) {
            done = done.compose(before -> audit.append(transaction, record(one)));
        }
        return done;
    }

    private AuditRecord record(PurgeStore.Purged gone) {
        AuditAction action = switch (gone.kind()) {
            case SECRET, VALUE -> AuditAction.SECRET_PURGE;
            case ENVIRONMENT -> AuditAction.ENVIRONMENT_PURGE;
            case PROJECT -> AuditAction.PROJECT_PURGE;
        };
        return new AuditRecord(ids.next(), action)
                .bySystem(gone.orgId())
                .environment(gone.environmentId())
                .secret(gone.secretId(), 0)
                .detail("project", gone.projectId().toString());
    }
}
