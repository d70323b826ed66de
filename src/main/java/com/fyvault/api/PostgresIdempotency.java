package com.fyvault.api;

import com.fyvault.crypto.ConstantTime;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import org.jspecify.annotations.Nullable;

/** Idempotency keys in PostgreSQL; the unique index is what makes one of two parallel requests wait. */
public final class PostgresIdempotency implements Idempotency {
    private static final String TAKE = """
            insert into idempotency (org_id, principal_id, route, key, fingerprint)
            values ($1, $2, $3, $4, $5) on conflict do nothing
            """;
    private static final String STORED = """
            select fingerprint, status, body from idempotency
             where org_id = $1 and principal_id = $2 and route = $3 and key = $4
            """;
    private static final String FINISH = """
            update idempotency set status = $5, body = $6
             where org_id = $1 and principal_id = $2 and route = $3 and key = $4
            """;
    private static final String LOCK_TIMEOUT = "55P03";
    private static final String STATEMENT_TIMEOUT = "57014";

    @Override
    public Future<@Nullable Stored> begin(Transaction transaction, Key key) {
        Tuple values =
                Tuple.of(key.orgId(), key.principalId(), key.route(), key.key(), Buffer.buffer(key.fingerprint()));
        return transaction
                .query(TAKE, values)
                .recover(PostgresIdempotency::stillRunning)
                .compose(taken -> taken.rowCount() == 1 ? Future.succeededFuture() : stored(transaction, key));
    }

    @Override
    public Future<Void> finish(Transaction transaction, Key key, Stored answer) {
        return transaction
                .query(
                        FINISH,
                        Tuple.of(
                                key.orgId(), key.principalId(), key.route(), key.key(), answer.status(), answer.body()))
                .mapEmpty();
    }

    private static Future<@Nullable Stored> stored(Transaction transaction, Key key) {
        return transaction
                .query(STORED, Tuple.of(key.orgId(), key.principalId(), key.route(), key.key()))
                .map(rows -> {
                    if (rows.size() == 0) {
                        throw Refusal.of(ErrorCode.REQUEST_IN_PROGRESS);
                    }
                    Row row = rows.iterator().next();
                    byte[] fingerprint = row.getBuffer("fingerprint").getBytes();
                    if (!ConstantTime.equal(fingerprint, key.fingerprint())) {
                        throw Refusal.of(ErrorCode.IDEMPOTENCY_KEY_REUSED);
                    }
                    return new Stored(row.getInteger("status"), row.getString("body"));
                });
    }

    private static <T> Future<T> stillRunning(Throwable failure) {
        boolean waited = failure instanceof PgException pg
                && (LOCK_TIMEOUT.equals(pg.getSqlState()) || STATEMENT_TIMEOUT.equals(pg.getSqlState()));
        return Future.failedFuture(waited ? Refusal.of(ErrorCode.REQUEST_IN_PROGRESS) : failure);
    }
}
