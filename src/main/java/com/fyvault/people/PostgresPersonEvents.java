package com.fyvault.people;

import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;

/** The events in PostgreSQL; the application's role may add to them and no more. */
public final class PostgresPersonEvents implements PersonEvents {
    private static final String ADD = """
            insert into person_event (event_id, user_id, action, outcome, session_id, address, details)
            values ($1, $2, $3, $4, $5, $6, $7::text::jsonb)
            """;

    private final Database database;

    public PostgresPersonEvents(Database database) {
        this.database = database;
    }

    @Override
    public Future<Void> add(Transaction transaction, Event event) {
        return transaction.query(ADD, values(event)).mapEmpty();
    }

    @Override
    public Future<Void> add(Event event) {
        return database.query(ADD, values(event)).mapEmpty();
    }

    private static Tuple values(Event event) {
        return Tuple.tuple()
                .addUUID(event.id())
                .addUUID(event.userId())
                .addString(event.action().text())
                .addString(event.done() ? "done" : "refused")
                .addUUID(event.sessionId())
                .addBuffer(Buffer.buffer(event.address().bytes()))
                .addString(event.details() == null ? null : event.details().encode());
    }
}
