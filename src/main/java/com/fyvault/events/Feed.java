package com.fyvault.events;

import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.LogPace;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.StoreFailure;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An organization's newest events, read once for all streams of this node. Whoever is further behind than what is kept here
 * reads for themselves until they have caught up. Each read brings the organization's epoch of authority along, seen by the
 * same statement as the events: what is sent on rests on it.
 */
final class Feed {
    private static final Logger LOG = LoggerFactory.getLogger(Feed.class);
    private static final LogPace HELD_UP = new LogPace(TimeUnit.MINUTES.toNanos(1));
    private static final long SHORT_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LONG_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final int KEPT = 1_024;
    private static final int PAGE = 256;
    private static final Position NEVER = new Position(Long.MAX_VALUE, new UUID(-1, -1));

    private final UUID orgId;
    private final EventStore store;
    private final Set<Runnable> streams = new CopyOnWriteArraySet<>();
    private final ArrayDeque<Event> recent = new ArrayDeque<>();
    /** What is after it and has been read is in {@link #recent}. */
    private Position floor = NEVER;

    private Position head = NEVER;
    private EventStore.@Nullable Look latest;
    private @Nullable Promise<EventStore.Look> reading;
    private boolean again;
    private boolean pending;
    private long pendingSince;

    /**
     * Events that a stream has not seen yet, and what a statement that was sent late enough has seen besides.
     *
     * @param reached all that was before it has been seen with these
     */
    record Batch(List<Event> events, EventStore.Look look, Position reached, boolean more) {}

    Feed(UUID orgId, EventStore store) {
        this.orgId = orgId;
        this.store = store;
    }

    void join(Runnable stream) {
        streams.add(stream);
    }

    /** True when nobody is left. */
    boolean leave(Runnable stream) {
        streams.remove(stream);
        return streams.isEmpty();
    }

    /** True when there are events that an earlier transaction holds up, and has not for long: one that stays is not asked for all the time. */
    synchronized boolean isPending() {
        return pending && System.nanoTime() - pendingSince < SHORT_NANOS;
    }

    /** Reads what is new, and wakes the streams whether there was anything or not: they look at their tokens. */
    void wake() {
        read(true)
                .onFailure(away -> LOG.atWarn()
                        .addKeyValue("cause", StoreFailure.describe(away))
                        .log("events not read"));
    }

    /** Where the events that nobody has read yet begin. */
    Future<Position> next() {
        return fresh(System.nanoTime()).map(look -> look.next());
    }

    /**
     * Events behind a place, as a statement has seen them that was sent at that time or later.
     *
     * @param sinceNanos as {@link System#nanoTime()} counts
     */
    Future<Batch> after(Position place, int most, long sinceNanos) {
        return fresh(sinceNanos).compose(look -> {
            @Nullable Batch kept = kept(place, most, look);
            return kept != null
                    ? Future.succeededFuture(kept)
                    : store.after(orgId, place, most).map(Feed::there).map(Feed::behind);
        });
    }

    /** Whoever was behind and has seen all that has ended by then is behind no more. */
    private static Batch behind(EventStore.Page page) {
        Position last = page.last();
        Position next = page.look().next();
        return new Batch(
                page.events(), page.look(), page.more() || next.compareTo(last) < 0 ? last : next, page.more());
    }

    private static Position last(Position place, List<Event> events) {
        return events.isEmpty() ? place : events.get(events.size() - 1).position();
    }

    private synchronized @Nullable Batch kept(Position place, int most, EventStore.Look look) {
        if (place.compareTo(floor) < 0) {
            return null;
        }
        List<Event> events = new ArrayList<>();
        for (Event event : recent) {
            if (event.position().compareTo(place) > 0) {
                if (events.size() == most) {
                    return new Batch(events, look, last(place, events), true);
                }
                events.add(event);
            }
        }
        return new Batch(events, look, last(place, events), false);
    }

    private Future<EventStore.Look> fresh(long sinceNanos) {
        EventStore.@Nullable Look known = latest();
        return known != null && known.sentNanos() - sinceNanos >= 0
                ? Future.succeededFuture(known)
                : read(false)
                        .compose(look ->
                                look.sentNanos() - sinceNanos >= 0 ? Future.succeededFuture(look) : read(false));
    }

    private synchronized EventStore.@Nullable Look latest() {
        return latest;
    }

    /**
     * The look of a read that is under way or begins now.
     *
     * @param told there is something new, which a read that is under way may not have seen: another one follows it
     */
    private Future<EventStore.Look> read(boolean told) {
        Promise<EventStore.Look> mine;
        Position from;
        synchronized (this) {
            if (reading != null) {
                again |= told;
                return reading.future();
            }
            mine = Promise.promise();
            reading = mine;
            again = false;
            from = head;
        }
        store.after(orgId, from, PAGE).map(Feed::there).onComplete(done -> {
            boolean more;
            synchronized (this) {
                reading = null;
                if (done.succeeded()) {
                    take(done.result());
                }
                more = done.succeeded() && (again || done.result().more());
            }
            mine.handle(done.map(EventStore.Page::look));
            // Not when it failed: each would ask again at once.
            if (done.succeeded()) {
                streams.forEach(Runnable::run);
            }
            if (more) {
                wake();
            }
        });
        return mine.future();
    }

    private void take(EventStore.Page page) {
        long now = System.nanoTime();
        if (!pending || !page.events().isEmpty()) {
            pendingSince = now;
        }
        pending = page.pending();
        if (pending && now - pendingSince > LONG_NANOS && HELD_UP.next() != LogPace.UNSAID) {
            LOG.warn("events are held up by a transaction that somebody leaves open at the database");
        }
        latest = page.look();
        if (head.equals(NEVER)) {
            head = page.look().next();
            floor = head;
        }
        for (Event event : page.events()) {
            recent.addLast(event);
            if (recent.size() > KEPT) {
                floor = recent.removeFirst().position();
            }
        }
        if (!page.last().equals(NEVER)) {
            head = page.last();
        }
    }

    private static EventStore.Page there(EventStore.@Nullable Page page) {
        if (page == null) {
            throw Refusal.of(ErrorCode.ORG_NOT_FOUND);
        }
        return page;
    }
}
