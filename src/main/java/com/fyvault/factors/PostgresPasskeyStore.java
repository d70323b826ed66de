package com.fyvault.factors;

import com.fyvault.crypto.RowSeal;
import com.fyvault.crypto.SealBroken;
import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Passkeys in PostgreSQL. A row is sealed: whoever can write the table could else sign in as anybody. No organization
/// is named: they are a person's, in whatever organizations that person is.
final class PostgresPasskeyStore implements PasskeyStore {
    private static final String COLUMNS = """
            select passkey_id, user_id, credential_id, attested, name, transports, backup_eligible, sign_count, created_at,
                   last_used_at, seal, clock_timestamp() as now
              from passkey
            """;
    private static final String NOW = "select clock_timestamp() as now";
    private static final String LIST = COLUMNS + " where user_id = $1 order by passkey_id limit " + MOST;
    private static final String FIND = COLUMNS + " where credential_id = $1";
    private static final String ADD = """
            insert into passkey (passkey_id, user_id, credential_id, attested, name, transports, backup_eligible, sign_count, seal)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (credential_id) do nothing
            """;
    private static final String REMOVE = "delete from passkey where user_id = $1 and passkey_id = $2";
    private static final String SPEND =
            "insert into spent_challenge (challenge) select $1::bytea where $2::timestamptz + interval '"
                    + Challenge.LIFE.toSeconds() + " seconds' > clock_timestamp() on conflict (challenge) do nothing";
    // An authenticator that counts never repeats a number; one that does not says 0 each time.
    private static final String USED = """
            update passkey set sign_count = $2, last_used_at = clock_timestamp()
             where passkey_id = $1 and (sign_count < $2 or (sign_count = 0 and $2 = 0))
            """;

    private final Database database;
    private final RowSeal seals;

    PostgresPasskeyStore(Database database, RowSeal seals) {
        this.database = database;
        this.seals = seals;
    }

    @Override
    public Future<Instant> now() {
        return database.query(NOW, Tuple.tuple())
                .map(rows -> now(rows.iterator().next()));
    }

    @Override
    public Future<List<Passkey>> list(UUID user) {
        return database.query(LIST, Tuple.of(user)).map(rows -> {
            List<Passkey> all = new ArrayList<>();
            rows.forEach(row -> all.add(passkey(row)));
            return all;
        });
    }

    @Override
    public Future<@Nullable Found> find(byte[] credentialId) {
        return database.query(FIND, Tuple.of(Buffer.buffer(credentialId))).map(this::found);
    }

    @Override
    public Future<Boolean> add(Transaction transaction, Passkey passkey) {
        Tuple values = Tuple.tuple()
                .addUUID(passkey.id())
                .addUUID(passkey.userId())
                .addBuffer(Buffer.buffer(passkey.credentialId()))
                .addBuffer(Buffer.buffer(passkey.attested()))
                .addString(passkey.name())
                .addArrayOfString(passkey.transports().toArray(String[]::new))
                .addBoolean(passkey.backupEligible())
                .addLong(passkey.signCount())
                .addBuffer(Buffer.buffer(row(passkey).seal()));
        return transaction.query(ADD, values).map(PostgresPasskeyStore::hit);
    }

    @Override
    public Future<Boolean> remove(Transaction transaction, UUID user, UUID id) {
        return transaction.query(REMOVE, Tuple.of(user, id)).map(PostgresPasskeyStore::hit);
    }

    @Override
    public Future<Boolean> spend(Transaction transaction, Challenge challenge) {
        Tuple values =
                Tuple.of(Buffer.buffer(challenge.bytes()), challenge.issuedAt().atOffset(ZoneOffset.UTC));
        return transaction.query(SPEND, values).map(PostgresPasskeyStore::hit);
    }

    @Override
    public Future<Boolean> used(Transaction transaction, UUID id, long signCount) {
        return transaction.query(USED, Tuple.of(id, signCount)).map(PostgresPasskeyStore::hit);
    }

    private static boolean hit(RowSet<Row> rows) {
        return rows.rowCount() == 1;
    }

    private @Nullable Found found(RowSet<Row> rows) {
        if (rows.size() == 0) {
            return null;
        }
        Row row = rows.iterator().next();
        return new Found(passkey(row), now(row));
    }

    private static Instant now(Row row) {
        return row.getOffsetDateTime("now").toInstant();
    }

    private Passkey passkey(Row row) {
        @Nullable OffsetDateTime used = row.getOffsetDateTime("last_used_at");
        Passkey passkey = new Passkey(
                row.getUUID("passkey_id"),
                row.getUUID("user_id"),
                row.getBuffer("credential_id").getBytes(),
                row.getBuffer("attested").getBytes(),
                row.getString("name"),
                List.of(row.getArrayOfStrings("transports")),
                row.getBoolean("backup_eligible"),
                row.getLong("sign_count"),
                row.getOffsetDateTime("created_at").toInstant(),
                used == null ? null : used.toInstant());
        if (!row(passkey).verify(row.getBuffer("seal").getBytes())) {
            throw new SealBroken();
        }
        return passkey;
    }

    /// All that says whose key it is. The count is left out: it changes with each use.
    private RowSeal.Row row(Passkey passkey) {
        return seals.fields("passkey.1")
                .add(passkey.id())
                .add(passkey.userId())
                .add(passkey.credentialId())
                .add(passkey.attested())
                .add(passkey.backupEligible());
    }
}
