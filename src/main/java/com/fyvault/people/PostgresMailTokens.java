package com.fyvault.people;

import com.fyvault.crypto.TextSeal;
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
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Mailed tokens in PostgreSQL, by their SHA-256. What a token stands for is sealed for its row: a writer to the table
 * can make none of their own, nor give one to another account.
 */
public final class PostgresMailTokens implements MailTokens {
    /** Before the random characters of a token. */
    static final String PREFIX = "fvmail_";

    private static final String ISSUE = """
            insert into mail_token (token_hash, purpose, email, user_id, payload, expires_at)
            values ($1, $2, $3, $4, $5, clock_timestamp() + $6::integer * interval '1 second')
            """;
    private static final String COLUMNS = "token_hash, purpose, email, user_id, payload";
    private static final String USE = "update mail_token set used_at = clock_timestamp() where token_hash = $1"
            + " and purpose = $2 and used_at is null and expires_at > clock_timestamp() returning " + COLUMNS;
    private static final String LOOK = "select " + COLUMNS + " from mail_token where token_hash = $1"
            + " and purpose = $2 and used_at is null and expires_at > clock_timestamp()";
    private static final String NEWEST = "select " + COLUMNS + " from mail_token where email = $1 and purpose = $2"
            + " and used_at is null and expires_at > clock_timestamp() order by created_at desc limit 1";
    private static final String USE_ALL = """
            update mail_token set used_at = clock_timestamp() where email = $1 and purpose = $2 and used_at is null
            """;

    private static final String RECENT = """
            select count(*)::int as recent from mail_token
             where email = $1 and purpose = $2 and created_at > clock_timestamp() - interval '1 hour'
            """;

    private final Database database;
    private final TextSeal seal;
    private final SecureRandom random;

    public PostgresMailTokens(Database database, TextSeal seal, SecureRandom random) {
        this.database = database;
        this.seal = seal;
        this.random = random;
    }

    @Override
    public Future<Boolean> isFull(Transaction transaction, Purpose purpose, String emailKey) {
        return transaction
                .query(RECENT, Tuple.of(emailKey, purpose.text()))
                .map(rows -> rows.iterator().next().getInteger("recent") >= MOST_AN_HOUR);
    }

    @Override
    public Future<String> issue(Transaction transaction, Errand errand) {
        String token = TokenFormat.draw(PREFIX, random);
        TokenHash hash = TokenFormat.hash(token);
        byte[] payload = seal.seal(label(errand), hash.toBytes(), errand.payload(), random);
        Tuple values = Tuple.of(Buffer.buffer(hash.toBytes()), errand.purpose().text(), errand.emailKey())
                .addUUID(errand.userId())
                .addBuffer(Buffer.buffer(payload))
                .addInteger((int) errand.purpose().life().toSeconds());
        return transaction.query(ISSUE, values).map(token);
    }

    @Override
    public Future<@Nullable Errand> use(Transaction transaction, Purpose purpose, String token) {
        if (!TokenFormat.fits(token, PREFIX)) {
            return Future.succeededFuture(null);
        }
        Buffer hash = Buffer.buffer(TokenFormat.hash(token).toBytes());
        return transaction.query(USE, Tuple.of(hash, purpose.text())).map(this::first);
    }

    @Override
    public Future<@Nullable Errand> look(Purpose purpose, String token) {
        if (!TokenFormat.fits(token, PREFIX)) {
            return Future.succeededFuture(null);
        }
        Buffer hash = Buffer.buffer(TokenFormat.hash(token).toBytes());
        return database.query(LOOK, Tuple.of(hash, purpose.text())).map(this::first);
    }

    @Override
    public Future<@Nullable Errand> newest(Transaction transaction, Purpose purpose, String emailKey) {
        return transaction.query(NEWEST, Tuple.of(emailKey, purpose.text())).map(this::first);
    }

    @Override
    public Future<Void> useAll(Transaction transaction, Purpose purpose, String emailKey) {
        return transaction.query(USE_ALL, Tuple.of(emailKey, purpose.text())).mapEmpty();
    }

    private @Nullable Errand first(RowSet<Row> rows) {
        if (rows.size() == 0) {
            return null;
        }
        Row row = rows.iterator().next();
        Errand bare = new Errand(
                Purpose.valueOf(row.getString("purpose").toUpperCase(Locale.ROOT)),
                row.getString("email"),
                row.getUUID("user_id"),
                "");
        String payload = seal.open(
                label(bare),
                row.getBuffer("token_hash").getBytes(),
                row.getBuffer("payload").getBytes());
        return new Errand(bare.purpose(), bare.emailKey(), bare.userId(), payload);
    }

    private static String label(Errand errand) {
        return "mail-token.1 " + errand.purpose() + " " + errand.userId() + " " + errand.emailKey();
    }
}
