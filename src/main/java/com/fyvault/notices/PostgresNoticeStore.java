package com.fyvault.notices;

import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Notices in PostgreSQL. */
public final class PostgresNoticeStore implements NoticeStore {
    private static final String ADD = """
            insert into notice (org_id, notice_id, kind, recipients, payload) values ($1, $2, $3, $4, $5::text::jsonb)
            """;
    // Across organizations on purpose: what is due is due. Each try waits twice as long as the one before, from
    // 30 seconds up to an hour; a node that dies with a notice in hand leaves it to the next try.
    private static final String TAKE = """
            update notice n
               set attempts = n.attempts + 1,
                   next_at = clock_timestamp() + least(interval '15 seconds' * 2 ^ (n.attempts + 1), interval '1 hour')
              from (select org_id, notice_id from notice
                     where sent_at is null and attempts < %d and next_at <= clock_timestamp()
                     order by next_at limit $1 for update skip locked) due
             where n.org_id = due.org_id and n.notice_id = due.notice_id
            returning n.org_id, n.notice_id, n.kind, n.recipients, n.payload::text as payload
            """.formatted(MOST_ATTEMPTS);
    private static final String SENT =
            "update notice set sent_at = clock_timestamp(), failure = null where org_id = $1 and notice_id = $2";
    private static final String FAILED = "update notice set failure = $3 where org_id = $1 and notice_id = $2";
    private static final String LIST = """
            select org_id, notice_id, kind, recipients, payload::text as payload, created_at, sent_at, attempts, failure
              from notice where org_id = $1 order by notice_id desc limit %d
            """.formatted(MOST_LISTED);

    private final Database database;

    public PostgresNoticeStore(Database database) {
        this.database = database;
    }

    @Override
    public Future<Void> add(Transaction transaction, Notice notice) {
        Tuple values = Tuple.of(notice.orgId(), notice.id(), notice.kind())
                .addArrayOfString(notice.recipients().toArray(String[]::new))
                .addString(notice.payload().encode());
        return transaction.query(ADD, values).mapEmpty();
    }

    @Override
    public Future<List<Notice>> take(int most) {
        return database.query(TAKE, Tuple.of(most)).map(rows -> {
            List<Notice> due = new ArrayList<>();
            rows.forEach(row -> due.add(notice(row)));
            return due;
        });
    }

    @Override
    public Future<Void> sent(Notice notice) {
        return database.query(SENT, Tuple.of(notice.orgId(), notice.id())).mapEmpty();
    }

    @Override
    public Future<Void> failed(Notice notice, String failure) {
        return database.query(FAILED, Tuple.of(notice.orgId(), notice.id(), failure))
                .mapEmpty();
    }

    @Override
    public Future<List<Kept>> list(UUID orgId) {
        return database.query(LIST, Tuple.of(orgId)).map(rows -> {
            List<Kept> kept = new ArrayList<>();
            for (Row row : rows) {
                @Nullable OffsetDateTime sent = row.getOffsetDateTime("sent_at");
                kept.add(new Kept(
                        notice(row),
                        row.getOffsetDateTime("created_at").toInstant(),
                        sent == null ? null : sent.toInstant(),
                        row.getInteger("attempts"),
                        row.getString("failure")));
            }
            return kept;
        });
    }

    private static Notice notice(Row row) {
        return new Notice(
                row.getUUID("org_id"),
                row.getUUID("notice_id"),
                row.getString("kind"),
                List.of(row.getArrayOfStrings("recipients")),
                new JsonObject(row.getString("payload")));
    }
}
