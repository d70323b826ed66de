package com.fyvault.webhooks;

import com.fyvault.crypto.RowSeal;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Webhooks in PostgreSQL, as organizations manage them. */
public final class PostgresWebhookStore implements WebhookStore {
    private static final String COLUMNS = """
            webhook_id, provider_id, url, description, types, enabled, made_with, created_by, created_at, updated_at, failing_since,
            paused_at, case when earlier_until > clock_timestamp() then earlier_until end as earlier_until,
            ended_at
            """;
    private static final String COUNT =
            "select count(*)::integer as webhooks from webhook where org_id = $1 and provider_id is null";
    // Behind everything that has ended: what is still under way is told.
    private static final String ADD = """
            insert into webhook (org_id, webhook_id, url, description, types, enabled, secret, made_with, created_by, seal,
                                 cursor_tx, cursor_id)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,
                    (pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1)::text::xid8,
                    'ffffffff-ffff-ffff-ffff-ffffffffffff')
            returning %s
            """.formatted(COLUMNS);
    private static final String LIST = "select " + COLUMNS
            + " from webhook where org_id = $1 and provider_id is null order by webhook_id desc limit 1000";
    private static final String FIND = "select " + COLUMNS + " from webhook where org_id = $1 and webhook_id = $2";
    private static final String EDIT = """
            update webhook
               set url = coalesce($3, url), seal = coalesce($4, seal),
                   description = case when $5::text is null then description else nullif($5, '') end,
                   types = coalesce($6, types), enabled = coalesce($7, enabled),
                   made_with = case when $7 then $8 else made_with end,
                   failing_since = case when $7 then null else failing_since end,
                   paused_at = case when $7 then null else paused_at end,
                   updated_at = clock_timestamp()
             where org_id = $1 and webhook_id = $2
               and (provider_id is null or ($3::text is null and $5::text is null and $6::text[] is null))
            returning %s
            """.formatted(COLUMNS);
    private static final String AGAIN = """
            update webhook_delivery set next_at = clock_timestamp(), attempts = 0
             where org_id = $1 and webhook_id = $2 and delivered_at is null
               and (select w.ended_at is null from webhook w where w.org_id = $1 and w.webhook_id = $2)
            """;
    private static final String HOLD = """
            update webhook_delivery set next_at = null
             where org_id = $1 and webhook_id = $2 and delivered_at is null and next_at is not null
            """;
    private static final String REMOVE =
            "delete from webhook where org_id = $1 and webhook_id = $2 and provider_id is null returning " + COLUMNS;
    private static final String ROLL = """
            with provided as (
                update provider set webhook_secret = $3 where org_id = $1 and credential_id = $2)
            update webhook set earlier_secret = secret, secret = $3, updated_at = clock_timestamp(),
                   earlier_until = clock_timestamp() + $4 * interval '1 second'
             where org_id = $1 and webhook_id = $2
            returning %s
            """.formatted(COLUMNS);
    private static final String DELIVER = """
            insert into webhook_delivery (org_id, webhook_id, event_id, payload)
            select org_id, webhook_id, $3, $4 from webhook
             where org_id = $1 and webhook_id = $2 and ended_at is null
            """;
    // One before the event, of which there is exactly one: ids end in random bits.
    private static final String REPLAY = """
            update webhook w
               set cursor_tx = case when (e.tx, e.event_id) <= (w.cursor_tx, w.cursor_id) then e.tx else w.cursor_tx end,
                   cursor_id = case when (e.tx, e.event_id) <= (w.cursor_tx, w.cursor_id) then $4 else w.cursor_id end,
                   updated_at = clock_timestamp()
              from event e
             where w.org_id = $1 and w.webhook_id = $2 and e.org_id = $1 and e.event_id = $3
            """;
    private static final String DELIVERIES = """
            select event_id, payload::jsonb ->> 'type' as type, created_at, attempts, next_at, delivered_at, status, failure
              from webhook_delivery
             where org_id = $1 and webhook_id = $2 and ($3::uuid is null or event_id < $3)
             order by event_id desc limit $4
            """;

    private final Database database;
    private final RowSeal seals;

    public PostgresWebhookStore(Database database, RowSeal seals) {
        this.database = database;
        this.seals = seals;
    }

    @Override
    public Future<Integer> count(Transaction transaction, UUID orgId) {
        return transaction
                .query(COUNT, Tuple.of(orgId))
                .map(rows -> rows.iterator().next().getInteger("webhooks"));
    }

    @Override
    public Future<Webhook> add(Transaction transaction, Draft draft) {
        Tuple values = Tuple.of(draft.orgId(), draft.id(), draft.url())
                .addString(draft.description())
                .addArrayOfString(draft.types().toArray(String[]::new))
                .addBoolean(draft.enabled())
                .addBuffer(Buffer.buffer(draft.secret()))
                .addUUID(draft.madeWith())
                .addString(draft.createdBy())
                .addBuffer(seal(draft.orgId(), draft.id(), draft.url()));
        return transaction.query(ADD, values).map(rows -> one(draft.orgId(), rows));
    }

    @Override
    public Future<List<Webhook>> list(UUID orgId) {
        return database.query(orgId, LIST, Tuple.of(orgId)).map(rows -> {
            List<Webhook> all = new ArrayList<>();
            rows.forEach(row -> all.add(webhook(orgId, row)));
            return all;
        });
    }

    @Override
    public Future<Webhook> find(UUID orgId, UUID id) {
        return database.query(orgId, FIND, Tuple.of(orgId, id)).map(rows -> one(orgId, rows));
    }

    @Override
    public Future<Webhook> edit(Transaction transaction, UUID orgId, UUID id, Edit edit) {
        Tuple values = Tuple.of(orgId, id)
                .addString(edit.url())
                .addBuffer(edit.url() == null ? null : seal(orgId, id, edit.url()))
                .addString(edit.description())
                .addArrayOfString(edit.types() == null ? null : edit.types().toArray(String[]::new))
                .addBoolean(edit.enabled())
                .addUUID(edit.madeWith());
        Future<Webhook> edited = transaction.query(EDIT, values).map(rows -> one(orgId, rows));
        @Nullable Boolean enabled = edit.enabled();
        if (enabled == null) {
            return edited;
        }
        return edited.compose(webhook ->
                transaction.query(enabled ? AGAIN : HOLD, Tuple.of(orgId, id)).map(due -> webhook));
    }

    @Override
    public Future<Webhook> remove(Transaction transaction, UUID orgId, UUID id) {
        return transaction.query(REMOVE, Tuple.of(orgId, id)).map(rows -> one(orgId, rows));
    }

    @Override
    public Future<Webhook> roll(Transaction transaction, UUID orgId, UUID id, Roll roll) {
        Tuple values = Tuple.of(
                orgId, id, Buffer.buffer(roll.secret()), (double) roll.grace().toSeconds());
        return transaction.query(ROLL, values).map(rows -> one(orgId, rows));
    }

    @Override
    public Future<Void> deliver(Transaction transaction, UUID orgId, UUID id, Message message) {
        return transaction
                .query(DELIVER, Tuple.of(orgId, id, message.eventId(), message.payload()))
                .map(rows -> {
                    if (rows.rowCount() == 0) {
                        throw Refusal.of(ErrorCode.WEBHOOK_NOT_FOUND);
                    }
                    return null;
                });
    }

    @Override
    public Future<Integer> replayFailed(Transaction transaction, UUID orgId, UUID id) {
        return transaction.query(AGAIN, Tuple.of(orgId, id)).map(RowSet::rowCount);
    }

    @Override
    public Future<Boolean> replayFrom(Transaction transaction, UUID orgId, UUID id, UUID eventId) {
        UUID before = new UUID(
                eventId.getMostSignificantBits() - (eventId.getLeastSignificantBits() == 0 ? 1 : 0),
                eventId.getLeastSignificantBits() - 1);
        return transaction.query(REPLAY, Tuple.of(orgId, id, eventId, before)).map(rows -> rows.rowCount() > 0);
    }

    @Override
    public Future<List<JsonObject>> deliveries(UUID orgId, UUID id, @Nullable UUID after, int most) {
        Tuple asked = Tuple.of(orgId, id).addUUID(after).addInteger(most);
        return database.query(orgId, DELIVERIES, asked).map(rows -> {
            List<JsonObject> shown = new ArrayList<>();
            rows.forEach(row -> shown.add(delivery(row)));
            return shown;
        });
    }

    private static JsonObject delivery(Row row) {
        return new JsonObject()
                .put("id", row.getUUID("event_id").toString())
                .put("type", row.getString("type"))
                .put("createdAt", text(row, "created_at"))
                .put("attempts", row.getInteger("attempts"))
                .put("nextAt", text(row, "next_at"))
                .put("deliveredAt", text(row, "delivered_at"))
                .put("status", row.getInteger("status"))
                .put("failure", row.getString("failure"));
    }

    private Buffer seal(UUID orgId, UUID id, String url) {
        return Buffer.buffer(Webhook.sealOf(seals, orgId, id, url).seal());
    }

    private static Webhook one(UUID orgId, RowSet<Row> rows) {
        if (rows.size() == 0) {
            throw Refusal.of(ErrorCode.WEBHOOK_NOT_FOUND);
        }
        return webhook(orgId, rows.iterator().next());
    }

    private static Webhook webhook(UUID orgId, Row row) {
        Instant created = row.getOffsetDateTime("created_at").toInstant();
        return new Webhook(
                orgId,
                row.getUUID("webhook_id"),
                row.getUUID("provider_id"),
                row.getString("url"),
                row.getString("description"),
                List.of(row.getArrayOfStrings("types")),
                row.getBoolean("enabled"),
                row.getUUID("made_with"),
                row.getString("created_by"),
                new Webhook.State(
                        created,
                        row.getOffsetDateTime("updated_at").toInstant(),
                        instant(row, "failing_since"),
                        instant(row, "paused_at"),
                        instant(row, "earlier_until"),
                        instant(row, "ended_at")));
    }

    private static @Nullable Instant instant(Row row, String column) {
        @Nullable OffsetDateTime time = row.getOffsetDateTime(column);
        return time == null ? null : time.toInstant();
    }

    private static @Nullable String text(Row row, String column) {
        @Nullable Instant time = instant(row, column);
        return time == null ? null : time.toString();
    }
}
