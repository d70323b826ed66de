package com.fyvault.events;

import com.fyvault.api.Caller;
import com.fyvault.platform.config.EventSettings;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.tokens.Authority;
import com.fyvault.tokens.Tombstones;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The streams of this node, and how many there may be. */
public final class Streams {
    private final Parts parts;
    private final Map<EventStream, Runnable> open = new ConcurrentHashMap<>();
    private final Map<UUID, AtomicInteger> each = new ConcurrentHashMap<>();
    private final AtomicLong mostWaiting = new AtomicLong();
    private final AtomicLong cuts = new AtomicLong();
    private volatile boolean draining;

    /**
     * What streams stand on.
     *
     * @param releaseDeadline how long after a statement was sent what it saw of authority may be relied on
     */
    public record Parts(
            Vertx vertx,
            Feeds feeds,
            Authority authority,
            Tombstones tombstones,
            EventSettings settings,
            Duration releaseDeadline) {}

    public Streams(Parts parts) {
        this.parts = parts;
    }

    Vertx vertx() {
        return parts.vertx();
    }

    Feeds feeds() {
        return parts.feeds();
    }

    EventSettings settings() {
        return parts.settings();
    }

    Duration releaseDeadline() {
        return parts.releaseDeadline();
    }

    Viewer viewer(Caller caller) {
        return new Viewer(parts.authority(), parts.tombstones(), caller);
    }

    /** Refuses one stream too many. */
    void checkRoom(UUID credentialId) {
        AtomicInteger mine = each.getOrDefault(credentialId, new AtomicInteger());
        if (mine.get() >= parts.settings().streamsEach()) {
            throw Refusal.of(ErrorCode.TOO_MANY_STREAMS);
        }
        if (draining || open.size() >= parts.settings().streams()) {
            throw Refusal.of(ErrorCode.OVERLOADED);
        }
    }

    void began(EventStream stream, Runnable timers) {
        open.put(stream, timers);
    }

    void count(UUID credentialId) {
        each.computeIfAbsent(credentialId, id -> new AtomicInteger()).incrementAndGet();
    }

    void ended(EventStream stream, UUID credentialId) {
        Runnable timers = open.remove(stream);
        if (timers != null) {
            timers.run();
        }
        var _ = each.computeIfPresent(credentialId, (id, mine) -> mine.decrementAndGet() <= 0 ? null : mine);
    }

    void waits(long bytes) {
        mostWaiting.accumulateAndGet(bytes, Math::max);
    }

    void cut() {
        cuts.incrementAndGet();
    }

    boolean isDraining() {
        return draining;
    }

    /** Streams that are open. */
    public int size() {
        return open.size();
    }

    /** The most bytes that one stream has ever had waiting to be sent. */
    public long mostWaiting() {
        return mostWaiting.get();
    }

    /** Streams that were ended because nobody read them. */
    public long cuts() {
        return cuts.get();
    }

    /** Ends every stream, and lets nobody open another. */
    public Future<Void> drain() {
        draining = true;
        // Who does not read holds nobody up.
        return Future.join(open.keySet().stream().map(EventStream::drain).toList())
                .<Void>mapEmpty()
                .timeout(1, TimeUnit.SECONDS);
    }
}
