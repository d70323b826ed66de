package com.fyvault.connect;

import com.fyvault.crypto.RowSeal;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Reach;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Codes in PostgreSQL. */
public final class PostgresConnectStore implements ConnectStore {
    private static final String ROOM = """
            select count(*) as open, clock_timestamp() as now from connect_code
             where org_id = $1 and used_at is null and expires_at > clock_timestamp()
            """;
    private static final String ADD = """
            insert into connect_code (org_id, code_id, code_hash, name, project_ids, environment_ids, secret_patterns,
                                      cidrs, secret_prefix, webhook_url, redirect_uri, challenge, user_id, created_by,
                                      expires_at, seal)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
            """;
    private static final String HOLD = """
            select locked_at is not null as locked, clock_timestamp() as now from org
             where org_id = $1 and deleted_at is null for no key update
            """;
    private static final String FIND = "select * from connect_code where org_id = $1 and code_hash = $2 for update";
    private static final String MISSED =
            "update connect_code set missed = missed + 1 where org_id = $1 and code_id = $2";
    private static final String USED = """
            update connect_code set used_at = clock_timestamp(), provider_id = $3 where org_id = $1 and code_id = $2
            """;

    private final RowSeal seals;

    public PostgresConnectStore(RowSeal seals) {
        this.seals = seals;
    }

    @Override
    public Future<Room> room(Transaction transaction, UUID orgId) {
        return transaction.query(ROOM, Tuple.of(orgId)).map(rows -> {
            Row row = rows.iterator().next();
            return new Room(row.getLong("open"), row.getOffsetDateTime("now").toInstant());
        });
    }

    @Override
    public Future<Void> add(Transaction transaction, Approval one) {
        Reach reach = one.reach();
        Tuple values = Tuple.of(one.orgId(), one.id(), Buffer.buffer(one.codeHash()), one.name())
                .addArrayOfUUID(reach.projectIds().toArray(UUID[]::new))
                .addArrayOfUUID(reach.environmentIds().toArray(UUID[]::new))
                .addArrayOfString(reach.secretPatterns().toArray(String[]::new))
                .addArrayOfString(reach.cidrs().toArray(String[]::new))
                .addString(one.prefix())
                .addString(one.webhookUrl())
                .addString(one.redirectUri())
                .addBuffer(Buffer.buffer(one.challenge()))
                .addUUID(one.userId())
                .addString(one.createdBy())
                .addOffsetDateTime(one.expiresAt().atOffset(ZoneOffset.UTC))
                .addBuffer(Buffer.buffer(one.sealOf(seals).seal()));
        return transaction.query(ADD, values).mapEmpty();
    }

    @Override
    public Future<@Nullable Org> hold(Transaction transaction, UUID orgId) {
        return transaction.query(HOLD, Tuple.of(orgId)).map(rows -> {
            if (rows.size() == 0) {
                return null;
            }
            Row row = rows.iterator().next();
            return new Org(
                    row.getBoolean("locked"), row.getOffsetDateTime("now").toInstant());
        });
    }

    @Override
    public Future<@Nullable Held> find(Transaction transaction, UUID orgId, byte[] codeHash) {
        return transaction.query(FIND, Tuple.of(orgId, Buffer.buffer(codeHash))).map(rows -> {
            if (rows.size() == 0) {
                return null;
            }
            Row row = rows.iterator().next();
            Approval approval = approval(row);
            return new Held(
                    approval,
                    approval.sealOf(seals).verify(row.getBuffer("seal").getBytes()),
                    row.getInteger("missed"),
                    row.getOffsetDateTime("used_at") != null,
                    row.getUUID("provider_id"));
        });
    }

    @Override
    public Future<Void> missed(Transaction transaction, UUID orgId, UUID id) {
        return transaction.query(MISSED, Tuple.of(orgId, id)).mapEmpty();
    }

    @Override
    public Future<Void> used(Transaction transaction, UUID orgId, UUID id, UUID providerId) {
        return transaction.query(USED, Tuple.of(orgId, id, providerId)).mapEmpty();
    }

    private static Approval approval(Row row) {
        return new Approval(
                row.getUUID("org_id"),
                row.getUUID("code_id"),
                row.getBuffer("code_hash").getBytes(),
                row.getString("name"),
                new Reach(
                        List.of(row.getArrayOfUUIDs("project_ids")),
                        List.of(row.getArrayOfUUIDs("environment_ids")),
                        List.of(row.getArrayOfStrings("secret_patterns")),
                        List.of(row.getArrayOfStrings("cidrs"))),
                row.getString("secret_prefix"),
                row.getString("webhook_url"),
                row.getString("redirect_uri"),
                row.getBuffer("challenge").getBytes(),
                row.getUUID("user_id"),
                row.getString("created_by"),
                row.getOffsetDateTime("expires_at").toInstant());
    }
}
