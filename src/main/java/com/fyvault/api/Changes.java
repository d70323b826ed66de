package com.fyvault.api;

import com.fyvault.audit.AuditLog;
import com.fyvault.audit.Verdict;
import com.fyvault.crypto.RowSeal;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.OutcomeUnknown;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.uses.Uses;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs a change: authority confirmed and held, the Idempotency-Key taken, the work, its audit
 * record and the stored answer, all in one transaction; then what must follow the commit, such as
 * telling other nodes; then the answer.
 */
final class Changes {
    private static final int LONGEST_KEY = 255;

    private final Database database;
    private final AuditLog audit;
    private final Idempotency idempotency;
    private final RowSeal fingerprints;
    private final Uses uses;

    Changes(Database database, AuditLog audit, Idempotency idempotency, RowSeal fingerprints, Uses uses) {
        this.database = database;
        this.audit = audit;
        this.idempotency = idempotency;
        this.fingerprints = fingerprints;
        this.uses = uses;
    }

    /** The answer, committed. Fails with {@link Moved} when the authority is not what the call was decided on. */
    Future<Answer> run(Endpoint endpoint, Endpoint.Write write, Call call, Buffer body) {
        Idempotency.@Nullable Key key = key(endpoint, call, body);
        return database.inTransaction(call.orgId(), transaction -> {
                    // The work's first statement leaves behind the confirmation, not after its answer: PostgreSQL
                    // runs them in this order. What was done without authority is rolled back, once it is at rest.
                    Future<Void> confirmed = audit.confirm(transaction, call.record(), write.changesAuthority())
                            .compose(Changes::good);
                    Future<Answer> work = guarded(
                            () -> key == null ? change(write, call, transaction) : once(write, call, transaction, key));
                    return work.transform(done -> confirmed.compose(held -> work));
                })
                .recover(Changes::inDoubt)
                .compose(answer -> {
                    call.record().noteUse(uses);
                    return call.runAfterCommit().map(answer);
                });
    }

    private Future<Answer> once(Endpoint.Write write, Call call, Transaction transaction, Idempotency.Key key) {
        return idempotency.begin(transaction, key).compose(stored -> {
            if (stored != null) {
                // Nothing was changed, but something was answered: that too leaves a record.
                Answer again = new Answer(stored.status(), null, null, Buffer.buffer(stored.body()), null);
                return audit.append(transaction, call.record().unchanged(true).detail("replayed", true))
                        .map(again);
            }
            return change(write, call, transaction)
                    .compose(answer -> idempotency
                            .finish(transaction, key, new Idempotency.Stored(answer.status(), answer.toReplay()))
                            .map(answer));
        });
    }

    private Future<Answer> change(Endpoint.Write write, Call call, Transaction transaction) {
        return write.work()
                .answer(call, transaction)
                .compose(answer -> recorded(call, transaction).map(answer));
    }

    /** The records leave one behind the other, without waiting for an answer in between. */
    private Future<Void> recorded(Call call, Transaction transaction) {
        return Future.join(
                        audit.append(transaction, call.record()), audit.appendAll(transaction, call.furtherRecords()))
                .mapEmpty();
    }

    private Idempotency.@Nullable Key key(Endpoint endpoint, Call call, Buffer body) {
        @Nullable String sent = call.header("idempotency-key");
        if (sent == null) {
            return null;
        }
        boolean plain = sent.chars().allMatch(c -> c > ' ' && c < 127);
        if (sent.isEmpty() || sent.length() > LONGEST_KEY || !plain) {
            throw Refusal.of(ErrorCode.INVALID_IDEMPOTENCY_KEY);
        }
        byte[] fingerprint = fingerprints
                .fields("idempotency.1")
                .add(endpoint.operationId())
                .add(call.target())
                .add(String.valueOf(call.header("if-match")))
                .add(body.getBytes())
                .seal();
        return new Idempotency.Key(
                call.orgId(), call.decision().principalId(), endpoint.operationId(), sent, fingerprint);
    }

    private static Future<Answer> guarded(Supplier<Future<Answer>> work) {
        try {
            return work.get();
        } catch (RuntimeException refused) {
            return Future.failedFuture(refused);
        }
    }

    private static Future<Void> good(Verdict verdict) {
        return switch (verdict) {
            case GOOD -> Future.succeededFuture();
            case EXPIRED -> Future.failedFuture(Refusal.of(ErrorCode.TOKEN_EXPIRED));
            default -> Future.failedFuture(new Moved());
        };
    }

    private static Future<Answer> inDoubt(Throwable failure) {
        boolean doubt = failure instanceof OutcomeUnknown;
        return Future.failedFuture(doubt ? Refusal.of(ErrorCode.OUTCOME_UNKNOWN) : failure);
    }
}
