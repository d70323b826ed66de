package com.fyvault.events;

import com.fyvault.api.Caller;
import com.fyvault.platform.config.EventSettings;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.tokens.Authority;
import com.fyvault.tokens.Decision;
import com.fyvault.tokens.Tombstones;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The streams of this node, and how many there may be. */
public final class Streams {
    private final Parts parts;
    private final Map<EventStream, Runnable> open = new ConcurrentHashMap<>();
    /** Streams by their token, and by their organization; under this object's lock. */
    private final Map<UUID, Integer> each = new HashMap<>();

    private final Map<UUID, Integer> ofOrg = new HashMap<>();
    private int taken;
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

    /** Why there is no room for another stream of a token; null when there is. */
    synchronized @Nullable ErrorCode full(Decision decision) {
        boolean tooMany = each.getOrDefault(decision.credentialId(), 0)
                        >= parts.settings().streamsEach()
                || ofOrg.getOrDefault(decision.orgId(), 0) >= mostOfOrg();
        if (tooMany) {
            return ErrorCode.TOO_MANY_STREAMS;
        }
        return draining || taken >= parts.settings().streams() ? ErrorCode.OVERLOADED : null;
    }

    /** Takes room for a stream, unless others have taken it meanwhile; {@link #ended} gives it back. */
    synchronized @Nullable ErrorCode take(Decision decision) {
        @Nullable ErrorCode full = full(decision);
        if (full == null) {
            taken++;
            each.merge(decision.credentialId(), 1, Integer::sum);
            ofOrg.merge(decision.orgId(), 1, Integer::sum);
        }
        return full;
    }

    /** One organization leaves room for the others, however many keys it has. */
    private int mostOfOrg() {
        return Math.max(parts.settings().streamsEach(), parts.settings().streams() / 4);
    }

    void began(EventStream stream, Runnable timers) {
        open.put(stream, timers);
    }

    void ended(EventStream stream, Decision decision) {
        Runnable timers = open.remove(stream);
        if (timers != null) {
            timers.run();
        }
        synchronized (this) {
            taken--;
            each.computeIfPresent(decision.credentialId(), (id, count) -> count == 1 ? null : count - 1);
            ofOrg.computeIfPresent(decision.orgId(), (id, count) -> count == 1 ? null : count - 1);
        }
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
