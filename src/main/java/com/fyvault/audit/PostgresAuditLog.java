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
            insert into audit_event (org_id, first_id, last_id, at, event_ids, actors, actor_base, credential_ids, addresses,
                                     places, place_base, environment_ids, secret_ids, versions, actions, outcomes, details)
            values ($2, $1, $1, clock_timestamp(), array[$1::uuid], '{1}', 0, array[$3::uuid], array[$9::bytea],
                    '{1}', 0, array[$4::uuid], array[$5::uuid], array[$6::bigint], array[$7::smallint], array[$8::smallint],
                    case when $10::text is not null then array[$10::text] end)
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
