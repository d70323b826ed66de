package com.fyvault.nodes;

import com.fyvault.platform.postgres.StoreFailure;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This node's heartbeat: a row, written before anything is served, renewed twice a second, gone after a clean stop. */
public final class HeartbeatVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(HeartbeatVerticle.class);
    private static final Duration EACH = Duration.ofMillis(500);
    private static final Duration FORGOTTEN = Duration.ofDays(1);

    private final NodeStore store;
    private final UUID nodeId;
    private final LiveNodes live;
    private final NodeLease lease;
    // Of the last beat that was written: when, by the monotonic clock, and how long it took.
    private volatile long writtenNanos = System.nanoTime();
    private volatile long tookNanos;

    /**
     * @param live told with each beat how many nodes are alive
     * @param lease renewed by each beat
     */
    public HeartbeatVerticle(NodeStore store, UUID nodeId, LiveNodes live, NodeLease lease) {
        this.store = store;
        this.nodeId = nodeId;
        this.live = live;
        this.lease = lease;
    }

    @Override
    public Future<?> start() {
        return written()
                .compose(seen -> store.forget(FORGOTTEN))
                .compose(clean -> count())
                .onSuccess(begun -> {
                    long _ = vertx.setPeriodic(EACH.toMillis(), tick -> beat());
                });
    }

    @Override
    public Future<?> stop() {
        // The store may be gone first; then the row is forgotten by age.
        return store.leave(nodeId).transform(left -> Future.succeededFuture());
    }

    private Future<Void> count() {
        return store.seen(Nodes.LIVE).onSuccess(live::set).mapEmpty();
    }

    /** How long ago this node last said that it is alive. */
    public Duration age() {
        return Duration.ofNanos(System.nanoTime() - writtenNanos);
    }

    /** How long PostgreSQL took for that. */
    public Duration took() {
        return Duration.ofNanos(tookNanos);
    }

    private Future<Void> written() {
        long sent = System.nanoTime();
        return store.beat(nodeId).onSuccess(seen -> {
            lease.renewed(sent);
            long now = System.nanoTime();
            tookNanos = now - sent;
            writtenNanos = now;
        });
    }

    private void beat() {
        written()
                .compose(seen -> count())
                .onFailure(away -> LOG.atWarn()
                        .addKeyValue("cause", StoreFailure.describe(away))
                        .log("heartbeat not written"));
    }
}
