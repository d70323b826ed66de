package com.fyvault.people;

import com.fyvault.crypto.RowSeal;
import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.TokenHash;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Tries in PostgreSQL, so that no restart and no flush gives anybody more; the row of a name is what parallel tries
 * wait at.
 */
public final class PostgresPasswordGate implements PasswordGate {
    private static final String FIND =
            "select w.there, b.user_id as browser_of, b.seal as browser_seal, " + PostgresAccounts.COLUMNS + """
             from (select true as there) w
              left join account a on a.email = $1
              left join known_browser b on b.user_id = a.user_id and b.browser_hash = $2
            """;
    // The try that finds the count full closes the name; until then each counts as wrong, and a right one takes it
    // back.
    private static final String ENTER = """
            insert into password_failure as f (subject, failures, last_at) values ($1, 1, clock_timestamp())
            on conflict (subject) do update
               set failures = case when coalesce(f.closed_until, 'epoch') > excluded.last_at then f.failures
                                   when f.closed_until is not null or f.failures >= $2 then 1
                                   else f.failures + 1 end,
                   closed_until = case when coalesce(f.closed_until, 'epoch') > excluded.last_at then f.closed_until
                                       when f.closed_until is null and f.failures + 1 >= $2
                                           then excluded.last_at + interval '15 minutes'
                                       end,
                   last_at = excluded.last_at
             where coalesce(f.closed_until, 'epoch') <= excluded.last_at
            returning failures
            """;
    private static final String GIVE_BACK = """
            update password_failure
               set failures = failures - 1, closed_until = case when failures >= $2 then null else closed_until end
             where subject = $1 and failures > 0
            """;
    private static final String PASSED = "delete from password_failure where subject = $1";
    private static final String KNOW = """
            insert into known_browser (browser_hash, user_id, seal) values ($1, $2, $3)
            on conflict (browser_hash, user_id) do update set last_seen_at = clock_timestamp()
            """;
    private static final String FORGET = "delete from known_browser where user_id = $1";

    private final Database database;
    private final RowSeal seals;

    public PostgresPasswordGate(Database database, RowSeal seals) {
        this.database = database;
        this.seals = seals;
    }

    @Override
    public Future<Found> find(String emailKey, @Nullable TokenHash browser) {
        Tuple values = Tuple.of(emailKey).addBuffer(browser == null ? null : Buffer.buffer(browser.toBytes()));
        return database.query(FIND, values).map(rows -> {
            Row row = rows.iterator().next();
            @Nullable Account account = row.getUUID("user_id") == null ? null : PostgresAccounts.account(row, seals);
            boolean known = account != null
                    && browser != null
                    && row.getUUID("browser_of") != null
                    && sealOf(account.userId(), browser)
                            .verify(row.getBuffer("browser_seal").getBytes());
            return new Found(account, new Subject(emailKey, known ? browser : null));
        });
    }

    @Override
    public Future<Boolean> enter(Subject subject) {
        return database.query(ENTER, Tuple.of(row(subject), MOST_FAILURES)).map(rows -> rows.size() == 1);
    }

    @Override
    public Future<Void> giveBack(Subject subject) {
        return database.query(GIVE_BACK, Tuple.of(row(subject), MOST_FAILURES)).mapEmpty();
    }

    @Override
    public Future<Void> passed(Transaction transaction, Subject subject) {
        return transaction.query(PASSED, Tuple.of(row(subject))).mapEmpty();
    }

    @Override
    public Future<Void> know(Transaction transaction, UUID userId, TokenHash browser) {
        Buffer seal = Buffer.buffer(sealOf(userId, browser).seal());
        return transaction
                .query(KNOW, Tuple.of(Buffer.buffer(browser.toBytes()), userId, seal))
                .mapEmpty();
    }

    @Override
    public Future<Void> forget(Transaction transaction, UUID userId) {
        return transaction.query(FORGET, Tuple.of(userId)).mapEmpty();
    }

    private RowSeal.Row sealOf(UUID userId, TokenHash browser) {
        return seals.fields("browser.1").add(userId).add(browser.toBytes());
    }

    private Buffer row(Subject subject) {
        return Buffer.buffer(
                seals.fields("password-failure.1").add(subject.name()).seal());
    }
}
