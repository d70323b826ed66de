package com.fyvault.notices;

import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Everywhere;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Notices in PostgreSQL. */
public final class PostgresNoticeStore implements NoticeStore {
    private static final String ADD = """
            insert into notice (org_id, notice_id, kind, recipients, payload, created_at)
            values ($1, $2, $3, $4, $5::text::jsonb, $6)
            """;
    private static final String ADD_ALL = """
            insert into notice (org_id, notice_id, kind, recipients, payload, created_at)
            select $1, v.id, v.kind, array(select jsonb_array_elements_text(v.recipients::jsonb)), v.payload::jsonb, v.at
              from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::timestamptz[])
                   as v(id, kind, recipients, payload, at)
            """;
    private static final String COLUMNS =
            "n.org_id, n.notice_id, n.kind, n.recipients, n.payload::text as payload, n.created_at";
    // Across organizations on purpose: what is due is due. Each try waits twice as long as the one before, from
    // 30 seconds up to an hour; a node that dies with a notice in hand leaves it to the next try. What is a day old is
    // no news any more for a webhook that was set since. What is news was not due long before either: that bound keeps
    // the walk off all that was never told.
    private static final String TAKE = """
            update notice n
               set %%1$sattempts = n.%%1$sattempts + 1,
                   %%1$snext_at = clock_timestamp()
                       + least(interval '15 seconds' * 2 ^ (n.%%1$sattempts + 1), interval '1 hour')
              from (select org_id, notice_id from notice
                     where %%1$ssent_at is null and %%1$sattempts < %d and %%1$snext_at <= (select clock_timestamp())
                       and %%1$snext_at > case when $1 then (select clock_timestamp()) - interval '2 days'
                                               else '-infinity' end
                       and (not $1 or created_at > (select clock_timestamp()) - interval '1 day')
                     order by %%1$snext_at limit 1 for update skip locked) due
             where n.org_id = due.org_id and n.notice_id = due.notice_id
            returning %s
            """.formatted(MOST_ATTEMPTS, COLUMNS);
    private static final String SENT = """
            update notice set %1$ssent_at = clock_timestamp(), %1$sfailure = null where org_id = $1 and notice_id = $2
            """;
    private static final String FAILED = "update notice set %1$sfailure = $3 where org_id = $1 and notice_id = $2";
    private static final String LIST = """
            select %s, n.sent_at, n.attempts, n.failure, n.hook_sent_at, n.hook_attempts, n.hook_failure
              from notice n where n.org_id = $1 order by n.notice_id desc limit %d
            """.formatted(COLUMNS, MOST_LISTED);

    private final Database database;
    private final Everywhere everywhere;

    public PostgresNoticeStore(Database database) {
        this.database = database;
        this.everywhere = database.everywhere();
    }

    @Override
    public Future<Void> add(Transaction transaction, Notice notice) {
        Tuple values = Tuple.of(notice.orgId(), notice.id(), notice.kind())
                .addArrayOfString(notice.recipients().toArray(String[]::new))
                .addString(notice.payload().encode())
                .addOffsetDateTime(notice.createdAt().atOffset(ZoneOffset.UTC));
        return transaction.query(ADD, values).mapEmpty();
    }

    @Override
    public Future<Void> addAll(Transaction transaction, List<Notice> notices) {
        if (notices.isEmpty()) {
            return Future.succeededFuture();
        }
        Tuple values = Tuple.of(notices.get(0).orgId())
                .addArrayOfUUID(notices.stream().map(Notice::id).toArray(UUID[]::new))
                .addArrayOfString(notices.stream().map(Notice::kind).toArray(String[]::new))
                .addArrayOfString(notices.stream()
                        .map(n -> new JsonArray(n.recipients()).encode())
                        .toArray(String[]::new))
                .addArrayOfString(
                        notices.stream().map(n -> n.payload().encode()).toArray(String[]::new))
                .addArrayOfOffsetDateTime(notices.stream()
                        .map(n -> n.createdAt().atOffset(ZoneOffset.UTC))
                        .toArray(OffsetDateTime[]::new));
        return transaction.query(ADD_ALL, values).mapEmpty();
    }

    @Override
    public Future<Optional<Notice>> take(Channel channel) {
        return everywhere
                .query(on(channel, TAKE), Tuple.of(channel == Channel.WEBHOOK))
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(notice(rows.iterator().next())));
    }

    @Override
    public Future<Void> sent(Channel channel, Notice notice) {
        return database.query(notice.orgId(), on(channel, SENT), Tuple.of(notice.orgId(), notice.id()))
                .mapEmpty();
    }

    @Override
    public Future<Void> failed(Channel channel, Notice notice, String failure) {
        return database.query(notice.orgId(), on(channel, FAILED), Tuple.of(notice.orgId(), notice.id(), failure))
                .mapEmpty();
    }

    @Override
    public Future<List<Kept>> list(UUID orgId) {
        return database.query(orgId, LIST, Tuple.of(orgId)).map(rows -> {
            List<Kept> kept = new ArrayList<>();
            rows.forEach(row -> kept.add(new Kept(notice(row), tries(row, Channel.MAIL), tries(row, Channel.WEBHOOK))));
            return kept;
        });
    }

    private static String on(Channel channel, String sql) {
        return sql.formatted(channel.columns());
    }

    private static Tries tries(Row row, Channel channel) {
        @Nullable OffsetDateTime sent = row.getOffsetDateTime(channel.columns() + "sent_at");
        @Nullable Instant at = sent == null ? null : sent.toInstant();
        return new Tries(
                at, row.getInteger(channel.columns() + "attempts"), row.getString(channel.columns() + "failure"));
    }

    private static Notice notice(Row row) {
        return new Notice(
                row.getUUID("org_id"),
                row.getUUID("notice_id"),
                row.getString("kind"),
                List.of(row.getArrayOfStrings("recipients")),
                row.getOffsetDateTime("created_at").toInstant(),
                new JsonObject(row.getString("payload")));
    }
}
