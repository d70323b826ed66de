package com.fyvault.uses;

import com.fyvault.platform.config.UseSettings;
import com.fyvault.platform.postgres.StoreFailure;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the uses of a node now and then, and once more when it stops. Owns the timer. So a row is written once an
 * interval and node at most, however often it was used. Nothing that is served waits for it or fails with it.
 *
 * <p>Known: a node that is killed takes the uses of one interval with it. The audit trail has them.
 */
public final class UseVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(UseVerticle.class);

    private final Uses uses;
    private final UseStore store;
    private final UseSettings settings;
    private Future<Void> round = Future.succeededFuture();

    public UseVerticle(Uses uses, UseStore store, UseSettings settings) {
        this.uses = uses;
        this.store = store;
        this.settings = settings;
    }

    @Override
    public Future<?> start() {
        long _ = vertx.setPeriodic(settings.interval().toMillis(), tick -> begin());
        uses.onCrowded(() -> context.runOnContext(go -> begin()));
        return Future.succeededFuture();
    }

    /** What is held by others then is not waited for. */
    @Override
    public Future<?> stop() {
        return round.transform(over -> write()).transform(over -> Future.succeededFuture());
    }

    /** A round that takes longer than the interval is not joined by another. */
    private void begin() {
        if (round.isComplete()) {
            round = write();
        }
    }

    private Future<Void> write() {
        List<Use> taken = uses.take();
        List<Future<Void>> kinds = Arrays.stream(Use.Kind.values())
                .map(kind -> write(
                        kind,
                        taken.stream()
                                .filter(use -> use.subject().kind() == kind)
                                .toList()))
                .toList();
        return Future.join(kinds).mapEmpty();
    }

    private Future<Void> write(Use.Kind kind, List<Use> all) {
        Future<Void> done = Future.succeededFuture();
        for (int from = 0; from < all.size(); from += UseStore.MOST) {
            List<Use> some = new ArrayList<>(all.subList(from, Math.min(all.size(), from + UseStore.MOST)));
            done = done.compose(before -> store.write(kind, some))
                    .onSuccess(uses::putBack)
                    .onFailure(away -> uses.putBack(some))
                    .mapEmpty();
        }
        return done.onFailure(away ->
                LOG.atWarn().addKeyValue("cause", StoreFailure.describe(away)).log("last uses not written"));
    }
}
