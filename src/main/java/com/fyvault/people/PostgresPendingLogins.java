package com.fyvault.people;

import com.fyvault.crypto.RowSeal;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.TokenFormat;
import com.fyvault.tokens.TokenHash;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/** Waiting logins in PostgreSQL, sealed: a writer to the table skips nobody's password. */
public final class PostgresPendingLogins implements PendingLogins {
    static final String PREFIX = "fvstep_";
    private static final String BEGIN = """
            insert into pending_login (token_hash, user_id, cookie, expires_at, seal)
            values ($1, $2, $3, clock_timestamp() + $4::integer * interval '1 second', $5)
            """;
    private static final String FIND = "select token_hash, user_id, cookie, seal from pending_login"
            + " where token_hash = $1 and expires_at > clock_timestamp()";
    private static final String TAKE = "delete from pending_login where token_hash = $1"
            + " and expires_at > clock_timestamp() returning token_hash, user_id, cookie, seal";

    private final Database database;
    private final RowSeal seals;
    private final SecureRandom random;

    public PostgresPendingLogins(Database database, RowSeal seals, SecureRandom random) {
        this.database = database;
        this.seals = seals;
        this.random = random;
    }

    @Override
    public Future<String> begin(Transaction transaction, Pending pending) {
        String token = TokenFormat.draw(PREFIX, random);
        byte[] hash = TokenFormat.hash(token).toBytes();
        Tuple values = Tuple.of(Buffer.buffer(hash), pending.userId(), pending.cookie(), (int) LIFE.toSeconds())
                .addBuffer(Buffer.buffer(sealOf(hash, pending).seal()));
        return transaction.query(BEGIN, values).map(token);
    }

    @Override
    public Future<@Nullable Pending> find(String token) {
        @Nullable Tuple key = key(token);
        return key == null
                ? Future.succeededFuture(null)
                : database.query(FIND, key).map(this::first);
    }

    @Override
    public Future<@Nullable Pending> take(Transaction transaction, String token) {
        @Nullable Tuple key = key(token);
        return key == null
                ? Future.succeededFuture(null)
                : transaction.query(TAKE, key).map(this::first);
    }

    private static @Nullable Tuple key(String token) {
        if (!TokenFormat.fits(token, PREFIX)) {
            return null;
        }
        TokenHash hash = TokenFormat.hash(token);
        return Tuple.of(Buffer.buffer(hash.toBytes()));
    }

    private @Nullable Pending first(RowSet<Row> rows) {
        if (rows.size() == 0) {
            return null;
        }
        Row row = rows.iterator().next();
        Pending pending = new Pending(row.getUUID("user_id"), row.getBoolean("cookie"));
        byte[] hash = row.getBuffer("token_hash").getBytes();
        if (!sealOf(hash, pending).verify(row.getBuffer("seal").getBytes())) {
            throw Refusal.of(ErrorCode.SEALED_VALUE_REFUSED);
        }
        return pending;
    }

    private RowSeal.Row sealOf(byte[] hash, Pending pending) {
        return seals.fields("pending-login.1").add(hash).add(pending.userId()).add(pending.cookie());
    }
}
