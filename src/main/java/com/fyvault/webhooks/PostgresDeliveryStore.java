package com.fyvault.webhooks;

import com.fyvault.crypto.RowSeal;
import com.fyvault.events.EventStore;
import com.fyvault.events.Position;
import com.fyvault.events.TypeNames;
import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Everywhere;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.purge.PostgresBatches;
import com.fyvault.purge.PurgeRound;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Deliveries in PostgreSQL. */
public final class PostgresDeliveryStore implements DeliveryStore, PurgeRound {
    private static final int PAGE = 200;

    // Across organizations on purpose: who is behind is behind. Who is never told must not take the places of the
    // others.
    private static final String BEHIND = """
            select distinct w.org_id from webhook w join org o on o.org_id = w.org_id and o.deleted_at is null
             where w.enabled and w.paused_at is null and w.ended_at is null
               and exists (select 1 from event e where e.org_id = w.org_id and (e.tx, e.event_id) > (w.cursor_tx, w.cursor_id)
                              and e.tx < pg_snapshot_xmin(pg_current_snapshot()))
               and %s and %s
             limit $1
            """.formatted(ToldWebhooks.HEARD, ToldWebhooks.ROOM);
    // Whoever else works on one has it for now. A provider is over when its credential is, or one above it.
    private static final String LOCK = """
            select w.webhook_id, w.types, w.cursor_tx::text::bigint as cursor_tx, w.cursor_id, w.provider_id,
                   (select c.environment_ids from credential c where c.org_id = $1 and c.credential_id = w.provider_id)
                   as environments,
                   w.provider_id is null or not exists (
                       with recursive up as (
                           select c.parent_id, c.revoked_at, c.expires_at, 1 as depth
                             from credential c where c.org_id = $1 and c.credential_id = w.provider_id
                           union all
                           select c.parent_id, c.revoked_at, c.expires_at, depth + 1
                             from up join credential c on c.org_id = $1 and c.credential_id = up.parent_id
                            where depth < 16)
                       select 1 from up where revoked_at is not null or expires_at <= clock_timestamp()) as lives
              from webhook w
             where w.org_id = $1 and w.enabled and w.paused_at is null and w.ended_at is null and %s and %s
             order by w.webhook_id
               for update of w skip locked
            """.formatted(ToldWebhooks.HEARD, ToldWebhooks.ROOM);
    private static final String MOVE = """
            update webhook set cursor_tx = $3::bigint::text::xid8, cursor_id = $4
             where org_id = $1 and webhook_id = any($2)
            """;
    // Across organizations on purpose: what is due is due. From one webhook to the next by the index, whatever waits
    // there. The time is that of the statement, which can bound an index, as the running clock cannot. Some are looked
    // at, for other nodes look at the same. A node that dies with it in hand leaves it to the next try.
    private static final String TAKE = """
            with recursive waiting as (
                (select org_id, webhook_id from webhook_delivery where next_at is not null order by org_id, webhook_id limit 1)
                union all
                select n.org_id, n.webhook_id from waiting p
                 cross join lateral (select d.org_id, d.webhook_id from webhook_delivery d
                                      where d.next_at is not null and (d.org_id, d.webhook_id) > (p.org_id, p.webhook_id)
                                      order by d.org_id, d.webhook_id limit 1) n
            ), first as (
                select d.* from waiting p join webhook w on w.org_id = p.org_id and w.webhook_id = p.webhook_id
                 cross join lateral (select d.org_id, d.webhook_id, d.event_id, d.next_at from webhook_delivery d
                                      where d.org_id = p.org_id and d.webhook_id = p.webhook_id
                                        and d.next_at <= statement_timestamp()
                                      order by d.next_at limit 4) d
                 where p.webhook_id <> all($1) and p.org_id <> all($3) and ($4 or w.failing_since is null)
                 order by d.next_at limit 64
            ), due as (
                select d.org_id, d.webhook_id, d.event_id from first f
                  join webhook_delivery d on d.org_id = f.org_id and d.webhook_id = f.webhook_id and d.event_id = f.event_id
                 where d.next_at <= statement_timestamp()
                 order by f.next_at limit 1 for update of d skip locked
            )
            update webhook_delivery d
               set attempts = d.attempts + 1, next_at = clock_timestamp() + $2 * interval '1 millisecond'
              from due join webhook w on w.org_id = due.org_id and w.webhook_id = due.webhook_id
             where d.org_id = due.org_id and d.webhook_id = due.webhook_id and d.event_id = due.event_id
            returning d.org_id, d.webhook_id, d.event_id, d.attempts, d.payload, w.url, w.secret, w.seal,
                      w.provider_id is not null as of_provider,
                      case when w.earlier_until > clock_timestamp() then w.earlier_secret end as earlier_secret,
                      w.failing_since is not null as failing, %s as heard
            """.formatted(ToldWebhooks.HEARD);
    private static final String SENT = """
            with sent as (
                update webhook_delivery set delivered_at = clock_timestamp(), next_at = null, status = $4, failure = null
                 where org_id = $1 and webhook_id = $2 and event_id = $3)
            update webhook set failing_since = null where org_id = $1 and webhook_id = $2 and failing_since is not null
            """;
    private static final String FAILED = """
            with failed as (
                update webhook_delivery
                   set status = $4, failure = $5,
                       next_at = case when (select w.enabled and w.paused_at is null from webhook w
                                             where w.org_id = $1 and w.webhook_id = $2)
                                      then clock_timestamp() + $6 * interval '1 millisecond' end
                 where org_id = $1 and webhook_id = $2 and event_id = $3 and delivered_at is null)
            update webhook set failing_since = coalesce(failing_since, clock_timestamp())
             where org_id = $1 and webhook_id = $2
            returning failing_since < clock_timestamp() - interval '3 days' and paused_at is null as worn
            """;
    private static final String PAUSE = """
            update webhook set paused_at = clock_timestamp(), updated_at = clock_timestamp()
             where org_id = $1 and webhook_id = $2 and paused_at is null
            """;
    private static final String HOLD = """
            update webhook_delivery set next_at = null where org_id = $1 and webhook_id = $2 and next_at is not null
            """;
    private static final String ADMINISTRATORS = """
            select a.email from membership m join account a on a.user_id = m.user_id
             where m.org_id = $1 and m.role in ('owner', 'admin') order by m.created_at limit 100
            """;
    private static final String OLD = """
            delete from webhook_delivery where ctid = any(array(
                select ctid from webhook_delivery where created_at < now() - interval '%d days'
                 order by created_at limit 1000 for update skip locked))
            """.formatted(EventStore.KEPT_DAYS);

    private final Database database;
    private final Everywhere everywhere;
    private final EventStore events;
    private final RowSeal seals;
    private final PostgresOutbox outbox;

    public PostgresDeliveryStore(Database database, EventStore events, RowSeal seals, PostgresOutbox outbox) {
        this.database = database;
        this.everywhere = database.everywhere();
        this.events = events;
        this.seals = seals;
        this.outbox = outbox;
    }

    @Override
    public Future<List<UUID>> behind(int most) {
        return everywhere.query(BEHIND, Tuple.of(most)).map(rows -> {
            List<UUID> orgs = new ArrayList<>();
            rows.forEach(row -> orgs.add(row.getUUID("org_id")));
            return orgs;
        });
    }

    /** Webhooks at the same place look at the same page: once for all of them. */
    @Override
    public Future<Progress> enqueue(UUID orgId) {
        return database.inTransaction(
                orgId,
                transaction -> transaction.query(LOCK, Tuple.of(orgId)).compose(rows -> {
                    Map<Position, List<Listener>> places = new LinkedHashMap<>();
                    for (Row row : rows) {
                        Position cursor = new Position(row.getLong("cursor_tx"), row.getUUID("cursor_id"));
                        places.computeIfAbsent(cursor, place -> new ArrayList<>())
                                .add(listener(row));
                    }
                    Future<Progress> all = Future.succeededFuture(new Progress(rows.size(), false, false));
                    for (Map.Entry<Position, List<Listener>> place : places.entrySet()) {
                        all = all.compose(before -> enqueue(transaction, orgId, place.getKey(), place.getValue())
                                .map(before::and));
                    }
                    return all;
                }));
    }

    private Future<Progress> enqueue(Transaction transaction, UUID orgId, Position cursor, List<Listener> listeners) {
        return events.after(transaction, orgId, cursor, PAGE).compose(page -> {
            if (page == null) {
                return Future.succeededFuture(new Progress(0, false, false));
            }
            boolean left = page.more() || page.pending();
            Future<Void> told =
                    outbox.write(transaction, orgId, listeners, new PostgresOutbox.Page(page.events(), !left));
            Position last = page.last();
            if (last.equals(cursor)) {
                return told.map(new Progress(0, false, page.pending()));
            }
            UUID[] moved = listeners.stream().map(Listener::id).toArray(UUID[]::new);
            return told.compose(written -> transaction.query(
                            MOVE,
                            Tuple.of(orgId)
                                    .addArrayOfUUID(moved)
                                    .addLong(last.tx())
                                    .addUUID(last.eventId())))
                    .map(done -> new Progress(0, left, false));
        });
    }

    @Override
    public Future<Optional<Due>> take(Room room, Duration held) {
        Tuple values = Tuple.tuple()
                .addArrayOfUUID(room.busyWebhooks().toArray(UUID[]::new))
                .addDouble((double) held.toMillis())
                .addArrayOfUUID(room.busyOrgs().toArray(UUID[]::new))
                .addBoolean(room.forFailing());
        return everywhere
                .query(TAKE, values)
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(due(rows.iterator().next())));
    }

    @Override
    public Future<Void> hush(Due due) {
        return database.query(due.orgId(), HOLD, Tuple.of(due.orgId(), due.webhookId()))
                .mapEmpty();
    }

    private static Listener listener(Row row) {
        @Nullable UUID provider = row.getUUID("provider_id");
        UUID @Nullable [] environments = row.getArrayOfUUIDs("environments");
        return new Listener(
                row.getUUID("webhook_id"),
                new TypeNames(List.of(row.getArrayOfStrings("types"))),
                provider == null
                        ? null
                        : new ProviderMessages(provider, environments == null ? Set.of() : Set.of(environments)),
                row.getBoolean("lives"));
    }

    private Due due(Row row) {
        UUID orgId = row.getUUID("org_id");
        UUID id = row.getUUID("webhook_id");
        String url = row.getString("url");
        RowSeal.Row seal = row.getBoolean("of_provider")
                ? Webhook.sealOfProviders(seals, orgId, id, url)
                : Webhook.sealOf(seals, orgId, id, url);
        @Nullable Buffer earlier = row.getBuffer("earlier_secret");
        return new Due(
                orgId,
                id,
                row.getUUID("event_id"),
                row.getInteger("attempts"),
                row.getString("payload"),
                url,
                row.getBuffer("secret").getBytes(),
                earlier == null ? null : earlier.getBytes(),
                seal.verify(row.getBuffer("seal").getBytes()),
                row.getBoolean("failing"),
                row.getBoolean("heard"));
    }

    @Override
    public Future<Void> sent(Due due, Outcome outcome) {
        Tuple values = Tuple.of(due.orgId(), due.webhookId(), due.eventId()).addInteger(outcome.status());
        return database.query(due.orgId(), SENT, values).mapEmpty();
    }

    @Override
    public Future<Boolean> failed(Due due, Outcome outcome, @Nullable Duration wait) {
        Tuple values = Tuple.of(due.orgId(), due.webhookId(), due.eventId())
                .addInteger(outcome.status())
                .addString(outcome.failure())
                .addDouble(wait == null ? null : (double) wait.toMillis());
        return database.query(due.orgId(), FAILED, values)
                .map(rows -> rows.size() > 0 && rows.iterator().next().getBoolean("worn"));
    }

    @Override
    public Future<@Nullable List<String>> pause(Transaction transaction, UUID orgId, UUID webhookId) {
        return transaction.query(PAUSE, Tuple.of(orgId, webhookId)).compose(paused -> {
            if (paused.rowCount() == 0) {
                return Future.succeededFuture(null);
            }
            return transaction
                    .query(HOLD, Tuple.of(orgId, webhookId))
                    .compose(held -> transaction.query(ADMINISTRATORS, Tuple.of(orgId)))
                    .map(rows -> {
                        List<String> addresses = new ArrayList<>();
                        rows.forEach(row -> addresses.add(row.getString("email")));
                        return addresses;
                    });
        });
    }

    @Override
    public Future<Integer> purge() {
        return new PostgresBatches(everywhere::query).delete(OLD);
    }
}
