package com.fyvault.handles;

import com.fyvault.credentials.KeyStore;
import com.fyvault.crypto.RowSeal;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.TokenHash;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Handles in PostgreSQL. Every row is sealed, so that a writer to the table cannot point one elsewhere. */
public final class PostgresHandleStore implements HandleStore {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresHandleStore.class);

    private static final String HOLD =
            "select 1 from credential where org_id = $1 and credential_id = $2 for no key update";
    private static final String ROOM = """
            select count(*) as taken, clock_timestamp() as now
              from (select 1 from handle
                     where org_id = $1 and credential_id = $2 and expires_at > (select clock_timestamp())
                       and revoked_at is null
                     limit $3) live
            """;
    private static final String ADD = """
            insert into handle (org_id, handle_id, handle_hash, credential_id, minter_token, project_id, environment_id,
                                secret_id, secret_name, created_at, expires_at, seal)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
            """;
    private static final String FIND = """
            select org_id, handle_id, handle_hash, credential_id, minter_token, project_id, environment_id,
                   secret_id, secret_name, created_at, expires_at, revoked_at, seal, clock_timestamp() as now
              from handle where org_id = $1 and\s""";
    private static final String BY_HASH = FIND + "handle_hash = $2";
    private static final String BY_ID = FIND + "handle_id = $2";
    private static final String HOLD_SOME = FIND + "handle_id = any($2) order by handle_id for no key update";
    private static final String REVOKE = """
            with raised as (
                update org set auth_epoch = auth_epoch + 1 where org_id = $1 returning auth_epoch
            ), ended as (
                update handle h set revoked_at = v.at, seal = v.seal
                  from unnest($2::uuid[], $3::timestamptz[], $4::bytea[]) as v(id, at, seal)
                 where h.org_id = $1 and h.handle_id = v.id
            )
            select auth_epoch from raised
            """;

    private final Database database;
    private final RowSeal seals;

    public PostgresHandleStore(Database database, RowSeal seals) {
        this.database = database;
        this.seals = seals;
    }

    @Override
    public Future<KeyStore.Room> room(Transaction transaction, UUID orgId, UUID credentialId, int most) {
        // Two statements: the second one's snapshot is taken when the row is held, so it sees who held it before.
        return transaction
                .query(HOLD, Tuple.of(orgId, credentialId))
                .compose(held -> transaction.query(ROOM, Tuple.of(orgId, credentialId, most)))
                .map(rows -> {
                    Row row = rows.iterator().next();
                    return new KeyStore.Room(row.getLong("taken"), time(row.getOffsetDateTime("now")));
                });
    }

    @Override
    public Future<Void> add(Transaction transaction, Handle h) {
        Tuple values = Tuple.of(h.orgId(), h.id(), bytes(h.hash()))
                .addUUID(h.credentialId())
                .addBuffer(bytes(h.minter()))
                .addUUID(h.target().projectId())
                .addUUID(h.target().environmentId())
                .addUUID(h.target().secretId())
                .addString(h.target().secretName())
                .addOffsetDateTime(h.createdAt().atOffset(ZoneOffset.UTC))
                .addOffsetDateTime(h.expiresAt().atOffset(ZoneOffset.UTC))
                .addBuffer(Buffer.buffer(seal(h).seal()));
        return transaction.query(ADD, values).mapEmpty();
    }

    @Override
    public Future<@Nullable Found> find(UUID orgId, TokenHash hash) {
        return database.query(orgId, BY_HASH, Tuple.of(orgId, bytes(hash))).map(this::found);
    }

    @Override
    public Future<@Nullable Found> find(Transaction transaction, UUID orgId, UUID id) {
        return transaction.query(BY_ID, Tuple.of(orgId, id)).map(this::found);
    }

    @Override
    public Future<List<Handle>> hold(Transaction transaction, UUID orgId, Collection<UUID> ids) {
        Tuple asked = Tuple.of(orgId).addArrayOfUUID(ids.toArray(UUID[]::new));
        return transaction.query(HOLD_SOME, asked).map(rows -> {
            List<Handle> held = new ArrayList<>(rows.size());
            rows.forEach(row -> held.add(found(row).handle()));
            return held;
        });
    }

    @Override
    public Future<Long> revoke(Transaction transaction, UUID orgId, List<Handle> ended) {
        Tuple values = Tuple.of(orgId)
                .addArrayOfUUID(ended.stream().map(Handle::id).toArray(UUID[]::new))
                .addArrayOfOffsetDateTime(
                        ended.stream().map(PostgresHandleStore::end).toArray(OffsetDateTime[]::new))
                .addArrayOfBuffer(ended.stream()
                        .map(handle -> Buffer.buffer(seal(handle).seal()))
                        .toArray(Buffer[]::new));
        return transaction
                .query(REVOKE, values)
                .map(rows -> rows.iterator().next().getLong("auth_epoch"));
    }

    private static OffsetDateTime end(Handle ended) {
        @Nullable Instant at = ended.revokedAt();
        if (at == null) {
            throw new IllegalArgumentException("not ended");
        }
        return at.atOffset(ZoneOffset.UTC);
    }

    private @Nullable Found found(RowSet<Row> rows) {
        return rows.size() == 0 ? null : found(rows.iterator().next());
    }

    private Found found(Row row) {
        @Nullable OffsetDateTime revoked = row.getOffsetDateTime("revoked_at");
        Handle handle = new Handle(
                row.getUUID("org_id"),
                row.getUUID("handle_id"),
                TokenHash.of(row.getBuffer("handle_hash").getBytes()),
                row.getUUID("credential_id"),
                TokenHash.of(row.getBuffer("minter_token").getBytes()),
                new Handle.Target(
                        row.getUUID("project_id"),
                        row.getUUID("environment_id"),
                        row.getUUID("secret_id"),
                        row.getString("secret_name")),
                time(row.getOffsetDateTime("created_at")),
                time(row.getOffsetDateTime("expires_at")),
                revoked == null ? null : time(revoked));
        if (!seal(handle).verify(row.getBuffer("seal").getBytes())) {
            LOG.atError()
                    .addKeyValue("orgId", handle.orgId())
                    .addKeyValue("handleId", handle.id())
                    .log("alarm: handle row does not fit its seal");
            throw Refusal.of(ErrorCode.SEALED_VALUE_REFUSED);
        }
        return new Found(handle, time(row.getOffsetDateTime("now")));
    }

    private RowSeal.Row seal(Handle h) {
        return seals.fields("handle.1")
                .add(h.orgId())
                .add(h.id())
                .add(h.hash().toBytes())
                .add(h.credentialId())
                .add(h.minter().toBytes())
                .add(h.target().projectId())
                .add(h.target().environmentId())
                .add(h.target().secretId())
                .add(h.target().secretName())
                .add(h.expiresAt().toString())
                .add(h.revokedAt() == null ? "live" : "revoked");
    }

    private static Buffer bytes(TokenHash hash) {
        return Buffer.buffer(hash.toBytes());
    }

    private static Instant time(OffsetDateTime time) {
        return time.toInstant();
    }
}
