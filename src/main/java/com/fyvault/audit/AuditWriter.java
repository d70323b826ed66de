package com.fyvault.audit;

import io.vertx.core.Future;
import java.util.List;

/** Stores records and tells, from the same snapshot, whether the authority behind each still holds. */
public interface AuditWriter {
    /** One verdict a record, in order, once they are durable. Fails when nothing was recorded, or when that is unknown. */
    Future<Verdict[]> write(List<AuditRecord> records);

    /** Drops the connection, after which {@link #write} fails until a new one stands. */
    void reset();
}
