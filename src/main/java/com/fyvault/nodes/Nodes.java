package com.fyvault.nodes;

import com.fyvault.platform.postgres.StoreFailure;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The other nodes of the installation, as far as a withdrawal of authority concerns them. What they
 * had decided before its commit is released within the release deadline or never, so waiting that long
 * is always enough; when each of them says sooner that it has heard, the wait is over sooner. A node
 * that is alone does not wait.
 */
public final class Nodes {
    /** Ten heartbeats: a node that has been silent for longer has been releasing nothing for a while either. */
    static final Duration LIVE = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(Nodes.class);

    private final Vertx vertx;
    private final NodeStore store;
    private final Self self;
    private final Acknowledgements acknowledgements;

    /**
     * This node.
     *
     * @param releaseDeadline how long after its audit batch was sent a node may still release an answer
     * @param ids makes the id of a cut, for each a new one
     */
    public record Self(UUID id, Duration releaseDeadline, Supplier<UUID> ids) {}

    public Nodes(Vertx vertx, NodeStore store, Self self, Acknowledgements acknowledgements) {
        this.vertx = vertx;
        this.store = store;
        this.self = self;
        this.acknowledgements = acknowledgements;
    }

    /**
     * Done when no other node can still release what it decided before the cut. Asks for the living after
     * the commit that it follows: who starts later has seen that commit. When the store does not say, it
     * waits the deadline out.
     */
    public Future<Void> passed(Cut cut) {
        UUID id = self.ids().get();
        Promise<Void> done = ((ContextInternal) vertx.getOrCreateContext()).promise();
        long timer = vertx.setTimer(self.releaseDeadline().toMillis(), over -> done.tryComplete());
        Future<Void> passed = done.future().onComplete(over -> {
            boolean _ = vertx.cancelTimer(timer);
            acknowledgements.forget(id);
        });
        // Everybody is told before it is known who there is: a revocation waits for one question less.
        acknowledgements.tell(id, cut);
        store.othersSeen(self.id(), LIVE)
                .compose(others -> heard(id, Set.copyOf(others)))
                .onSuccess(heard -> done.tryComplete())
                .onFailure(away -> LOG.atWarn()
                        .addKeyValue("cause", StoreFailure.describe(away))
                        .log("cannot tell who is alive"));
        return passed;
    }

    /** The nodes that are alive, this one included, by what the store has seen. */
    public Future<List<NodeStore.Seen>> seen() {
        return store.all(LIVE);
    }

    /** This node. */
    public UUID id() {
        return self.id();
    }

    private Future<Void> heard(UUID id, Set<UUID> others) {
        if (others.isEmpty()) {
            return Future.succeededFuture();
        }
        // The store names so many at most; where there may be more, only the deadline is enough.
        return others.size() >= NodeStore.MOST_SEEN
                ? Promise.<Void>promise().future()
                : acknowledgements.of(id, others);
    }
}
