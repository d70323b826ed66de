package com.fyvault.people;

import com.fyvault.crypto.TextSeal;
import com.fyvault.crypto.Uuid7;
import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Waiting mails in PostgreSQL, each sealed for its row. */
public final class PostgresMailOutbox implements MailOutbox {
    private static final String LABEL = "mail.1";
    private static final String ADD = "insert into mail_outbox (mail_id, sealed, once) values ($1, $2, $3)";
    // Each try waits twice as long as the one before, from 30 seconds up to an hour; a node that dies with a mail in
    // hand leaves it to the next try. One that is sent once counts as tried for good, until it was refused.
    private static final String TAKE = """
            update mail_outbox m
               set attempts = case when m.once then %1$d else m.attempts + 1 end,
                   next_at = clock_timestamp() + least(interval '15 seconds' * 2 ^ (m.attempts + 1), interval '1 hour')
              from (select mail_id from mail_outbox where attempts < %1$d and next_at <= (select clock_timestamp())
                     order by next_at limit 1 for update skip locked) due
             where m.mail_id = due.mail_id
            returning m.mail_id, m.sealed, m.created_at
            """.formatted(MOST_ATTEMPTS);
    private static final String SENT = "delete from mail_outbox where mail_id = $1";
    private static final String FAILED =
            "update mail_outbox set failure = $2, attempts = case when once then 6 else attempts end where mail_id = $1";
    private static final String LIST =
            "select mail_id, sealed, created_at from mail_outbox order by mail_id desc limit " + MOST_LISTED;

    private final Database database;
    private final TextSeal seal;
    private final Uuid7 ids;
    private final SecureRandom random;

    public PostgresMailOutbox(Database database, TextSeal seal, Uuid7 ids, SecureRandom random) {
        this.database = database;
        this.seal = seal;
        this.ids = ids;
        this.random = random;
    }

    @Override
    public Future<Void> send(Transaction transaction, Mail mail) {
        return add(transaction, mail, false);
    }

    @Override
    public Future<Void> sendOnce(Transaction transaction, Mail mail) {
        return add(transaction, mail, true);
    }

    private Future<Void> add(Transaction transaction, Mail mail, boolean once) {
        UUID id = ids.next();
        String text = new JsonObject()
                .put("to", mail.to())
                .put("subject", mail.subject())
                .put("text", mail.text())
                .encode();
        Buffer sealed = Buffer.buffer(seal.seal(LABEL, row(id), text, random));
        return transaction.query(ADD, Tuple.of(id, sealed, once)).mapEmpty();
    }

    @Override
    public Future<Optional<Waiting>> take() {
        return database.query(TAKE, Tuple.tuple())
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(waiting(rows.iterator().next())));
    }

    @Override
    public Future<Void> sent(UUID id) {
        return database.query(SENT, Tuple.of(id)).mapEmpty();
    }

    @Override
    public Future<Void> failed(UUID id, String failure) {
        return database.query(FAILED, Tuple.of(id, failure)).mapEmpty();
    }

    @Override
    public Future<List<Waiting>> waiting() {
        return database.query(LIST, Tuple.tuple()).map(rows -> {
            List<Waiting> all = new ArrayList<>(rows.size());
            rows.forEach(row -> all.add(waiting(row)));
            return all;
        });
    }

    private Waiting waiting(Row row) {
        UUID id = row.getUUID("mail_id");
        JsonObject mail =
                new JsonObject(seal.open(LABEL, row(id), row.getBuffer("sealed").getBytes()));
        return new Waiting(
                id,
                new Mail(mail.getString("to"), mail.getString("subject"), mail.getString("text")),
                row.getOffsetDateTime("created_at").toInstant());
    }

    private static byte[] row(UUID id) {
        return id.toString().getBytes(StandardCharsets.US_ASCII);
    }
}
