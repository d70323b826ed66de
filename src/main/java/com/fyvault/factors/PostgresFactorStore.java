package com.fyvault.factors;

import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.TokenHash;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Factors in PostgreSQL. No organization is named: they are a person's, in whatever organizations that person is.
final class PostgresFactorStore implements FactorStore {
    private static final String STEP =
            "floor(extract(epoch from clock_timestamp()) / " + Totp.STEP_SECONDS + ")::bigint";

    private static final String ENROLLED = """
            select clock_timestamp() as now,
                   (select confirmed_at from totp where user_id = $1) as totp_since,
                   (select count(*)::int from passkey where user_id = $1) as passkeys,
                   (select count(*)::int from recovery_code where user_id = $1 and used_at is null) as recovery_codes
            """;
    private static final String SHARED = "select sealed, last_step, " + STEP
            + " as now_step from totp where user_id = $1 and confirmed_at is not null";
    private static final String WAITING = "select sealed, last_step, " + STEP + """
             as now_step from totp
             where user_id = $1 and confirmed_at is null and created_at > clock_timestamp() - interval '15 minutes'
            """;
    // The one decision on a code. Of many at once each waits for the row, and then looks at it as the one before
    // left it.
    private static final String USE_STEP = "update totp set last_step = $3"
            + " where user_id = $1 and sealed = $2 and confirmed_at is not null and last_step < $3"
            + " and $3 between " + STEP + " - " + Totp.WINDOW + " and " + STEP + " + " + Totp.WINDOW;
    private static final String USE_RECOVERY_CODE = """
            update recovery_code set used_at = clock_timestamp()
             where user_id = $1 and code_hash = $2 and used_at is null
            """;
    private static final String TRY_PENDING = "update pending_login set tries = tries + 1"
            + " where token_hash = $1 and tries < 5 and expires_at > clock_timestamp()";
    private static final String LOCK = "select user_id from account where user_id = $1 for no key update";
    private static final String AWAIT = """
            insert into totp as t (user_id, sealed) values ($1, $2)
            on conflict (user_id) do update
               set sealed = excluded.sealed, last_step = 0, created_at = clock_timestamp()
             where t.confirmed_at is null
            """;
    private static final String CONFIRM = "update totp set last_step = $3, confirmed_at = clock_timestamp()"
            + " where user_id = $1 and sealed = $2 and confirmed_at is null and last_step < $3"
            + " and $3 between " + STEP + " - " + Totp.WINDOW + " and " + STEP + " + " + Totp.WINDOW;
    private static final String REMOVE_TOTP = "delete from totp where user_id = $1 and confirmed_at is not null";
    private static final String REMOVE_RECOVERY_CODES = "delete from recovery_code where user_id = $1";
    private static final String ADD_RECOVERY_CODES =
            "insert into recovery_code (user_id, code_hash) select $1, unnest($2::bytea[])";

    private final Database database;

    PostgresFactorStore(Database database) {
        this.database = database;
    }

    @Override
    public Future<Enrolled> enrolled(UUID user) {
        return database.query(ENROLLED, Tuple.of(user)).map(PostgresFactorStore::enrolled);
    }

    @Override
    public Future<Enrolled> enrolled(Transaction transaction, UUID user) {
        return transaction.query(ENROLLED, Tuple.of(user)).map(PostgresFactorStore::enrolled);
    }

    @Override
    public Future<@Nullable Shared> shared(UUID user) {
        return database.query(SHARED, Tuple.of(user)).map(PostgresFactorStore::shared);
    }

    @Override
    public Future<@Nullable Shared> waiting(UUID user) {
        return database.query(WAITING, Tuple.of(user)).map(PostgresFactorStore::shared);
    }

    @Override
    public Future<Boolean> useStep(UUID user, byte[] sealed, long step) {
        return database.query(USE_STEP, Tuple.of(user, Buffer.buffer(sealed), step))
                .map(PostgresFactorStore::hit);
    }

    @Override
    public Future<Boolean> useRecoveryCode(UUID user, byte[] hash) {
        return database.query(USE_RECOVERY_CODE, Tuple.of(user, Buffer.buffer(hash)))
                .map(PostgresFactorStore::hit);
    }

    @Override
    public Future<Boolean> tryPending(TokenHash token) {
        return database.query(TRY_PENDING, Tuple.of(Buffer.buffer(token.toBytes())))
                .map(PostgresFactorStore::hit);
    }

    @Override
    public Future<Enrolled> lock(Transaction transaction, UUID user) {
        return transaction.query(LOCK, Tuple.of(user)).compose(locked -> enrolled(transaction, user));
    }

    @Override
    public Future<Boolean> await(Transaction transaction, UUID user, byte[] sealed) {
        return transaction.query(AWAIT, Tuple.of(user, Buffer.buffer(sealed))).map(PostgresFactorStore::hit);
    }

    @Override
    public Future<Boolean> confirm(Transaction transaction, UUID user, Shared waiting, long step) {
        return transaction
                .query(CONFIRM, Tuple.of(user, Buffer.buffer(waiting.sealed()), step))
                .map(PostgresFactorStore::hit);
    }

    @Override
    public Future<Boolean> removeTotp(Transaction transaction, UUID user) {
        return transaction.query(REMOVE_TOTP, Tuple.of(user)).map(PostgresFactorStore::hit);
    }

    @Override
    public Future<Void> replaceRecoveryCodes(Transaction transaction, UUID user, List<byte[]> hashes) {
        Buffer[] rows = hashes.stream().map(Buffer::buffer).toArray(Buffer[]::new);
        return transaction
                .query(REMOVE_RECOVERY_CODES, Tuple.of(user))
                .compose(removed -> transaction.query(ADD_RECOVERY_CODES, Tuple.of(user, (Object) rows)))
                .mapEmpty();
    }

    private static boolean hit(RowSet<Row> rows) {
        return rows.rowCount() == 1;
    }

    private static Enrolled enrolled(RowSet<Row> rows) {
        Row row = rows.iterator().next();
        @Nullable OffsetDateTime since = row.getOffsetDateTime("totp_since");
        return new Enrolled(
                since == null ? null : since.toInstant(),
                row.getInteger("passkeys"),
                row.getInteger("recovery_codes"),
                row.getOffsetDateTime("now").toInstant());
    }

    private static @Nullable Shared shared(RowSet<Row> rows) {
        if (rows.size() == 0) {
            return null;
        }
        Row row = rows.iterator().next();
        return new Shared(row.getBuffer("sealed").getBytes(), row.getLong("last_step"), row.getLong("now_step"));
    }
}
