package com.fyvault.audit;

import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

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
    private static final String APPEND_ALL = """
            insert into audit_event (org_id, first_id, last_id, at, event_ids, actors, actor_base, credential_ids, addresses,
                                     places, place_base, environment_ids, secret_ids, versions, actions, outcomes, details)
            select $2, $1, $1, clock_timestamp(), array_agg($1::uuid), array_agg(1::smallint), 0, array[$3::uuid],
                   array[$4::bytea], array_agg(u.n::smallint order by u.n), 0,
                   array_agg(u.environment_id order by u.n), array_agg(u.secret_id order by u.n),
                   array_agg(u.version order by u.n), array_agg(u.action order by u.n),
                   array_agg(u.outcome order by u.n), array_agg(u.details order by u.n)
              from unnest($5::uuid[], $6::uuid[], $7::bigint[], $8::smallint[], $9::smallint[], $10::text[])
                   with ordinality as u(environment_id, secret_id, version, action, outcome, details, n)
            """;
    /** Records of one row. */
    private static final int ROW = 1_000;

    private static final String APPEND_EACH = """
            insert into audit_event (org_id, first_id, last_id, at, event_ids, actors, actor_base, credential_ids, addresses,
                                     places, place_base, environment_ids, secret_ids, versions, actions, outcomes, details)
            select $1, v.id, v.id, clock_timestamp(), array[v.id], '{1}', 0, array[v.credential], array[v.address],
                   '{1}', 0, array[v.environment], array[v.secret], array[v.version], array[v.action], array[v.outcome],
                   case when v.details is not null then array[v.details] end
              from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::bigint[], $7::smallint[], $8::smallint[],
                          $9::bytea[], $10::text[])
                   as v(id, credential, environment, secret, version, action, outcome, address, details)
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
                .addBuffer(address(record))
                .addString(details(record));
        return transaction.query(APPEND, values).mapEmpty();
    }

    @Override
    public Future<Void> appendAll(Transaction transaction, List<AuditRecord> records) {
        if (records.isEmpty()) {
            return Future.succeededFuture();
        }
        int count = together(records);
        return transaction
                .query(APPEND_ALL, row(records.subList(0, count)))
                .compose(done -> appendAll(transaction, records.subList(count, records.size())));
    }

    /** How many of them one row takes: a secret stands in it once, for a page of the trail goes on after one. */
    private static int together(List<AuditRecord> records) {
        Set<@Nullable UUID> secrets = new HashSet<>();
        int count = 0;
        while (count < records.size()
                && count < ROW
                && secrets.add(records.get(count).secretId())) {
            count++;
        }
        return count;
    }

    private static Tuple row(List<AuditRecord> records) {
        AuditRecord first = records.get(0);
        return Tuple.tuple()
                .addUUID(first.eventId())
                .addUUID(first.orgId())
                .addUUID(first.credentialId())
                .addBuffer(
                        first.address() == null
                                ? null
                                : Buffer.buffer(first.address().bytes()))
                .addArrayOfUUID(records.stream().map(AuditRecord::environmentId).toArray(UUID[]::new))
                .addArrayOfUUID(records.stream().map(AuditRecord::secretId).toArray(UUID[]::new))
                .addArrayOfLong(records.stream().map(AuditRecord::version).toArray(Long[]::new))
                .addArrayOfShort(
                        records.stream().map(record -> record.action().code()).toArray(Short[]::new))
                .addArrayOfShort(
                        records.stream().map(record -> record.outcome().code()).toArray(Short[]::new))
                .addArrayOfString(records.stream()
                        .map(record -> record.details() == null
                                ? null
                                : record.details().encode())
                        .toArray(String[]::new));
    }

    @Override
    public Future<Void> appendEach(Transaction transaction, List<AuditRecord> records) {
        if (records.isEmpty()) {
            return Future.succeededFuture();
        }
        Tuple values = Tuple.of(records.get(0).orgId())
                .addArrayOfUUID(records.stream().map(AuditRecord::eventId).toArray(UUID[]::new))
                .addArrayOfUUID(records.stream().map(AuditRecord::credentialId).toArray(UUID[]::new))
                .addArrayOfUUID(records.stream().map(AuditRecord::environmentId).toArray(UUID[]::new))
                .addArrayOfUUID(records.stream().map(AuditRecord::secretId).toArray(UUID[]::new))
                .addArrayOfLong(records.stream().map(AuditRecord::version).toArray(Long[]::new))
                .addArrayOfShort(records.stream().map(r -> r.action().code()).toArray(Short[]::new))
                .addArrayOfShort(records.stream().map(r -> r.outcome().code()).toArray(Short[]::new))
                .addArrayOfBuffer(
                        records.stream().map(PostgresAuditLog::address).toArray(Buffer[]::new))
                .addArrayOfString(
                        records.stream().map(PostgresAuditLog::details).toArray(String[]::new));
        return transaction.query(APPEND_EACH, values).mapEmpty();
    }

    private static @Nullable Buffer address(AuditRecord record) {
        return record.address() == null ? null : Buffer.buffer(record.address().bytes());
    }

    private static @Nullable String details(AuditRecord record) {
        return record.details() == null ? null : record.details().encode();
    }
}
