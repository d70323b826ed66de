package com.fyvault.events;

import com.fyvault.platform.config.EventSettings;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The feeds of the organizations that somebody of this node listens to. Owns the timer that looks without being told. */
public final class Feeds extends VerticleBase {
    private static final long HELD_UP_MILLIS = 25;

    private final EventStore store;
    private final EventSettings settings;
    private final Map<UUID, Feed> feeds = new ConcurrentHashMap<>();

    /** Told by the bell from here on. */
    public Feeds(EventStore store, EventBell bell, EventSettings settings) {
        this.store = store;
        this.settings = settings;
        bell.onChange(orgId -> {
            @Nullable Feed feed = feeds.get(orgId);
            if (feed != null) {
                feed.wake();
            }
        });
    }

    @Override
    public Future<?> start() {
        long _ = vertx.setPeriodic(
                settings.poll().toMillis(), tick -> feeds.values().forEach(Feed::wake));
        // What is held up by an earlier transaction is not told of a second time.
        long _ = vertx.setPeriodic(
                HELD_UP_MILLIS,
                tick -> feeds.values().stream().filter(Feed::isPending).forEach(Feed::wake));
        return Future.succeededFuture();
    }

    /** The organization's feed, from now on woken together with this stream. */
    Feed join(UUID orgId, Runnable stream) {
        return feeds.compute(orgId, (id, known) -> {
            Feed feed = known == null ? new Feed(id, store) : known;
            feed.join(stream);
            return feed;
        });
    }

    void leave(UUID orgId, Runnable stream) {
        var _ = feeds.computeIfPresent(orgId, (id, feed) -> feed.leave(stream) ? null : feed);
    }
}
