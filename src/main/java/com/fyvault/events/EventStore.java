package com.fyvault.events;

import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The events of organizations, in the order in which their changes were committed. */
public interface EventStore {
    /** How long an event is kept. */
    int KEPT_DAYS = 7;

    /** An event before it has a place: the names of what it is about are looked up as it is written. */
    record Draft(
            UUID orgId,
            UUID id,
            EventType type,
            @Nullable UUID projectId,
            @Nullable UUID environmentId,
            @Nullable UUID secretId,
            @Nullable UUID about,
            @Nullable UUID actor,
            String data) {}

    /**
     * What one statement has seen.
     *
     * @param sentNanos when it was sent, as {@link System#nanoTime()} counts
     * @param authEpoch of the organization; what was decided at an earlier one is to be decided again
     * @param nowMicros the database's time
     * @param next nothing before it is to come any more
     */
    record Look(long sentNanos, long authEpoch, long nowMicros, Position next) {}

    /**
     * Events behind a place.
     *
     * @param last of what was looked at, which may be more than the events: the place itself when that was nothing
     * @param more there are more that can be read now
     * @param pending there are some that can be read when an earlier transaction has ended
     */
    record Page(List<Event> events, Look look, Position last, boolean more, boolean pending) {}

    /** Writes an event in the transaction of its change. */
    Future<Void> add(Transaction transaction, Draft draft);

    /** Writes events of one organization. */
    Future<Void> addAll(Transaction transaction, List<Draft> drafts);

    /** The same on a transaction's connection. */
    Future<@Nullable Page> after(Transaction transaction, UUID orgId, Position after, int most);

    /** The events behind a place; null when there is no such organization any more. */
    Future<@Nullable Page> after(UUID orgId, Position after, int most);
}
