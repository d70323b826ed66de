package com.fyvault.people;

import com.fyvault.crypto.RowSeal;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Accounts in PostgreSQL. They belong to the installation: no organization is named here. */
public final class PostgresAccounts implements Accounts {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresAccounts.class);

    /** The columns of {@link #account}. */
    static final String COLUMNS = "a.user_id, a.email, a.mailbox, a.name, a.password_hash, a.password_seal,"
            + " a.verified_at, a.deactivated_at";

    private static final String BY_EMAIL = "select " + COLUMNS + " from account a where a.email = $1";
    private static final String BY_ID = "select " + COLUMNS + " from account a where a.user_id = $1";
    private static final String HOLD = " for no key update of a";
    private static final String ADD = """
            insert into account (user_id, email, mailbox, name, password_hash, password_seal, verified_at)
            values ($1, $2, $3, $4, $5, $6, clock_timestamp()) on conflict (email) do nothing
            """;
    private static final String SET_PASSWORD =
            "update account set password_hash = $2, password_seal = $3 where user_id = $1";
    private static final String VERIFIED =
            "update account set verified_at = coalesce(verified_at, clock_timestamp()) where user_id = $1";

    private final Database database;
    private final RowSeal seals;

    public PostgresAccounts(Database database, RowSeal seals) {
        this.database = database;
        this.seals = seals;
    }

    @Override
    public Future<@Nullable Account> find(String emailKey) {
        return database.query(BY_EMAIL, Tuple.of(emailKey)).map(this::first);
    }

    @Override
    public Future<@Nullable Account> find(UUID userId) {
        return database.query(BY_ID, Tuple.of(userId)).map(this::first);
    }

    @Override
    public Future<@Nullable Account> hold(Transaction transaction, String emailKey) {
        return transaction.query(BY_EMAIL + HOLD, Tuple.of(emailKey)).map(this::first);
    }

    @Override
    public Future<@Nullable Account> hold(Transaction transaction, UUID userId) {
        return transaction.query(BY_ID + HOLD, Tuple.of(userId)).map(this::first);
    }

    @Override
    public Future<Boolean> add(Transaction transaction, UUID userId, Newcomer newcomer) {
        @Nullable String hash = newcomer.passwordHash();
        Tuple values = Tuple.of(userId, newcomer.email().key(), newcomer.email().mailbox())
                .addString(newcomer.name())
                .addString(hash)
                .addBuffer(hash == null ? null : seal(userId, hash));
        return transaction.query(ADD, values).map(rows -> rows.rowCount() == 1);
    }

    @Override
    public Future<Void> setPassword(Transaction transaction, UUID userId, String passwordHash) {
        return transaction
                .query(SET_PASSWORD, Tuple.of(userId, passwordHash, seal(userId, passwordHash)))
                .mapEmpty();
    }

    @Override
    public Future<Void> verified(Transaction transaction, UUID userId) {
        return transaction.query(VERIFIED, Tuple.of(userId)).mapEmpty();
    }

    private @Nullable Account first(RowSet<Row> rows) {
        return rows.size() == 0 ? null : account(rows.iterator().next(), seals);
    }

    /** Reads a row of {@link #COLUMNS}; a password that somebody else has put there is refused, with an alarm. */
    static Account account(Row row, RowSeal seals) {
        UUID userId = row.getUUID("user_id");
        @Nullable String hash = row.getString("password_hash");
        if (hash != null) {
            @Nullable Buffer seal = row.getBuffer("password_seal");
            if (seal == null || !sealOf(userId, hash, seals).verify(seal.getBytes())) {
                LOG.atError().addKeyValue("userId", userId).log("alarm: password row does not fit its seal");
                throw Refusal.of(ErrorCode.SEALED_VALUE_REFUSED);
            }
        }
        String email = row.getString("email");
        @Nullable String mailbox = row.getString("mailbox");
        return new Account(
                userId,
                email,
                mailbox == null ? email : mailbox,
                row.getString("name"),
                hash,
                instant(row.getOffsetDateTime("verified_at")),
                instant(row.getOffsetDateTime("deactivated_at")));
    }

    /** The fields that a writer to the table must not be able to change. */
    static RowSeal.Row sealOf(UUID userId, String passwordHash, RowSeal seals) {
        return seals.fields("password.1").add(userId).add(passwordHash);
    }

    private Buffer seal(UUID userId, String passwordHash) {
        return Buffer.buffer(sealOf(userId, passwordHash, seals).seal());
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }
}
