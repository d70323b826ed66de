package com.fyvault.audit;

import com.fyvault.platform.http.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Promise;

/**
 * A refusal of somebody who is known by a login and has no token in the organization, with the record that its trail is to
 * have of it. The frame of the request hands the record to its gate, where refusals are counted together when there are too many
 * ({@link Folding}), and tells the refusal then.
 */
public final class RecordedRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Refusal refusal;
    private final transient AuditRecord record;

    public RecordedRefusal(Refusal refusal, AuditRecord record) {
        super(refusal.publicText(), null, false, false);
        this.refusal = refusal;
        this.record = record.outcome(AuditOutcome.REFUSED)
                .detail("code", refusal.code().name());
    }

    /** The failure to be told: of such a one the refusal, once the record is durable; any other as it is. */
    public static <T> Future<T> told(AuditGate gate, Throwable failure) {
        if (!(failure instanceof RecordedRefusal refused)) {
            return Future.failedFuture(failure);
        }
        Promise<Verdict> written = Promise.promise();
        gate.submit(refused.record, Settlement.of(written));
        return written.future().compose(verdict -> Future.failedFuture(refused.refusal));
    }
}
