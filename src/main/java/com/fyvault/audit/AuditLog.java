package com.fyvault.audit;

import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import java.util.List;

/** Records of changes: written in the transaction of the change, so that neither exists without the other. */
public interface AuditLog {
    /** The times of the ids in one stored row are at most this far apart. */
    long ROW_SPAN_MILLIS = 1_000;

    /**
     * Compares the authority in the record with the truth and holds it there until the commit: a
     * revocation waits for this transaction, or this transaction sees it.
     *
     * @param exclusive true for a change of authority itself, which takes the organization's row for writing
     */
    Future<Verdict> confirm(Transaction transaction, AuditRecord record, boolean exclusive);

    /** Adds the record to the transaction. */
    Future<Void> append(Transaction transaction, AuditRecord record);

    /** Adds many records of one organization, each in a row of its own, in one statement. */
    Future<Void> appendEach(Transaction transaction, List<AuditRecord> records);

    /** Adds further records of the same request and actor, in as few rows as they take. */
    Future<Void> appendAll(Transaction transaction, List<AuditRecord> records);
}
