package com.fyvault.audit;

import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;

/** The records of changes, in PostgreSQL. */
public final class PostgresAuditLog implements AuditLog {
    private static final String CONFIRM = """
            select auth_epoch, (extract(epoch from clock_timestamp()) * 1000000)::bigint as micros
              from org where org_id = $1 and deleted_at is null for\s""";
    private static final String APPEND = """
            insert into audit_event (event_id, org_id, at, credential_id, environment_id, secret_id, version,
                                     action, outcome, address, details)
            values ($1, $2, clock_timestamp(), $3, $4, $5, nullif($6::bigint, 0), $7, $8, $9, $10::text::jsonb)
            """;

    @Override
    public Future<Verdict> confirm(Transaction transaction, AuditRecord record, boolean exclusive) {
        String sql = CONFIRM + (exclusive ? "no key update" : "share");
        return transaction.query(sql, Tuple.of(record.orgId())).map(rows -> {
            if (rows.size() == 0) {
                return Verdict.AUTHORITY_MOVED;
            }
            Row row = rows.iterator().next();
            if (row.getLong("auth_epoch") != record.epoch()) {
                return Verdict.AUTHORITY_MOVED;
            }
            record.confirmedAt(row.getLong("micros"));
            return record.expiresAtMicros() <= row.getLong("micros") ? Verdict.EXPIRED : Verdict.GOOD;
        });
    }

    @Override
    public Future<Void> append(Transaction transaction, AuditRecord record) {
        Tuple values = Tuple.tuple()
                .addUUID(record.eventId())
                .addUUID(record.orgId())
                .addUUID(record.credentialId())
                .addUUID(record.environmentId())
                .addUUID(record.secretId())
                .addLong(record.version())
                .addShort(record.action().code())
                .addShort(record.outcome().code())
                .addBuffer(
                        record.address() == null
                                ? null
                                : Buffer.buffer(record.address().bytes()))
                .addString(record.details() == null ? null : record.details().encode());
        return transaction.query(APPEND, values).mapEmpty();
    }
}
