package com.fyvault.nodes;

import com.fyvault.platform.postgres.StoreFailure;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The other nodes of the installation, as far as a withdrawal of authority concerns them: what they
 * had decided before its commit is released within the release deadline or never, so waiting that
 * long is enough, without a word from them. A node that is alone does not wait.
 */
public final class Nodes {
    /** Five heartbeats: a node that has been silent for longer has been releasing nothing for a while either. */
    static final Duration LIVE = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(Nodes.class);

    private final Vertx vertx;
    private final NodeStore store;
    private final UUID nodeId;
    private final long deadlineMillis;

    /** @param releaseDeadline how long after its audit batch was sent a node may still release an answer */
    public Nodes(Vertx vertx, NodeStore store, UUID nodeId, Duration releaseDeadline) {
        this.vertx = vertx;
        this.store = store;
        this.nodeId = nodeId;
        this.deadlineMillis = releaseDeadline.toMillis();
    }

    /**
     * Done when no other node can still release what it decided before now. Asks for the living after
     * the commit that it follows: who starts later has seen that commit. When the store does not say,
     * it waits as if there were others.
     */
    public Future<Void> passed() {
        return store.othersSeen(nodeId, LIVE)
                .recover(away -> {
                    LOG.atWarn()
                            .addKeyValue("cause", StoreFailure.describe(away))
                            .log("cannot tell who is alive");
                    return Future.succeededFuture(true);
                })
                .compose(others -> others ? deadline() : Future.succeededFuture());
    }

    private Future<Void> deadline() {
        Promise<Void> promise = Promise.promise();
        vertx.setTimer(deadlineMillis, over -> promise.complete());
        return promise.future();
    }
}
