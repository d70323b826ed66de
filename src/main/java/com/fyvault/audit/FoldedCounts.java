package com.fyvault.audit;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;

/** Writes what a gate has counted instead of recorded. */
public final class FoldedCounts {
    private FoldedCounts() {}

    /** Writes the rows that are due; {@code all} writes the others too, for the end. Runs on the gate's event loop. */
    public static Future<Void> write(AuditGate gate, boolean all) {
        List<Future<Verdict>> rows = new ArrayList<>();
        for (AuditRecord row : gate.folding.due(System.nanoTime(), all)) {
            Promise<Verdict> written = Promise.promise();
            gate.add(row, Settlement.of(written));
            rows.add(written.future());
        }
        return Future.all(rows).mapEmpty();
    }
}
