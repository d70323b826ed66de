package com.fyvault.webhooks;

import com.fyvault.crypto.Uuid7;
import com.fyvault.events.Event;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.webhooks.ProviderMessages.Seen;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes what webhooks are to be told of, in PostgreSQL and in the transaction that moves them on. */
public final class PostgresOutbox {
    // What was told already and is told again is due again.
    private static final String ADD = """
            insert into webhook_delivery (org_id, webhook_id, event_id, payload)
            select $1, $2, u.event_id, u.payload from unnest($3::uuid[], $4::text[]) as u(event_id, payload)
            on conflict (org_id, webhook_id, event_id) do update
               set next_at = clock_timestamp(), attempts = 0, delivered_at = null, status = null, failure = null
            """;
    private static final String LEAKS = """
            select leak_id, url, source from leak where org_id = $1 and leak_id = any($2) limit 200
            """;
    // What waits is not tried again: that the provider is over is the last that it hears.
    private static final String END = """
            with over as (
                update webhook set ended_at = clock_timestamp(), updated_at = clock_timestamp()
                 where org_id = $1 and webhook_id = $2 and ended_at is null)
            update webhook_delivery set next_at = null, failure = coalesce(failure, 'the provider is over')
             where org_id = $1 and webhook_id = $2 and delivered_at is null and event_id <> $3
            """;

    private final Uuid7 ids;
    private final Clock clock;

    public PostgresOutbox(Uuid7 ids, Clock clock) {
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * What is new.
     *
     * @param whole whether there is nothing behind it
     */
    record Page(List<Event> events, boolean whole) {}

    private record Message(UUID id, String payload) {}

    Future<Void> write(Transaction transaction, UUID orgId, List<Listener> listeners, Page page) {
        boolean anyProvider = listeners.stream().anyMatch(listener -> listener.provider() != null);
        Future<Map<UUID, Seen>> leaks =
                anyProvider ? leaks(transaction, orgId, page.events()) : Future.succeededFuture(Map.of());
        return leaks.compose(seen -> {
            Round round = new Round(transaction, orgId, page, seen);
            Future<Void> done = Future.succeededFuture();
            for (Listener listener : listeners) {
                @Nullable ProviderMessages provider = listener.provider();
                done = done.compose(before -> provider == null ? round.tell(listener) : round.tell(listener, provider));
            }
            return done;
        });
    }

    /** A page on its way to those who listen. */
    private final class Round {
        private final Transaction transaction;
        private final UUID orgId;
        private final Page page;
        private final Map<UUID, Seen> leaks;

        Round(Transaction transaction, UUID orgId, Page page, Map<UUID, Seen> leaks) {
            this.transaction = transaction;
            this.orgId = orgId;
            this.page = page;
            this.leaks = leaks;
        }

        Future<Void> tell(Listener listener) {
            return add(
                    listener.id(),
                    page.events().stream()
                            .filter(event -> listener.types().take(event.type()))
                            .map(event -> new Message(event.position().eventId(), Payload.of(event)))
                            .toList());
        }

        Future<Void> tell(Listener listener, ProviderMessages provider) {
            List<Message> messages = new ArrayList<>();
            for (Event event : page.events()) {
                if (provider.concerns(event)) {
                    @Nullable UUID leak = ProviderMessages.leak(event);
                    String payload = provider.of(event, leak == null ? null : leaks.get(leak));
                    messages.add(new Message(event.position().eventId(), payload));
                    if (provider.isLast(event)) {
                        return add(listener.id(), messages).compose(written -> end(listener, messages));
                    }
                }
            }
            if (listener.lives() || !page.whole()) {
                return add(listener.id(), messages);
            }
            UUID id = ids.next();
            messages.add(new Message(id, provider.over(id, clock.instant(), orgId)));
            return add(listener.id(), messages).compose(written -> end(listener, messages));
        }

        private Future<Void> end(Listener listener, List<Message> messages) {
            Tuple last = Tuple.of(
                    orgId, listener.id(), messages.get(messages.size() - 1).id());
            return transaction.query(END, last).mapEmpty();
        }

        private Future<Void> add(UUID id, List<Message> messages) {
            if (messages.isEmpty()) {
                return Future.succeededFuture();
            }
            Tuple values = Tuple.of(orgId, id)
                    .addArrayOfUUID(messages.stream().map(Message::id).toArray(UUID[]::new))
                    .addArrayOfString(messages.stream().map(Message::payload).toArray(String[]::new));
            return transaction.query(ADD, values).mapEmpty();
        }
    }

    private static Future<Map<UUID, Seen>> leaks(Transaction transaction, UUID orgId, List<Event> events) {
        UUID[] found = events.stream()
                .map(ProviderMessages::leak)
                .filter(Objects::nonNull)
                .toArray(UUID[]::new);
        if (found.length == 0) {
            return Future.succeededFuture(Map.of());
        }
        return transaction.query(LEAKS, Tuple.of(orgId).addArrayOfUUID(found)).map(rows -> {
            Map<UUID, Seen> seen = new HashMap<>();
            for (Row row : rows) {
                seen.put(row.getUUID("leak_id"), new Seen(row.getString("url"), row.getString("source")));
            }
            return seen;
        });
    }
}
