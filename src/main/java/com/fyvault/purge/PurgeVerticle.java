package com.fyvault.purge;

import com.fyvault.platform.postgres.StoreFailure;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Purges now and then, for as long as the node runs. Owns the timer. */
public final class PurgeVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(PurgeVerticle.class);

    private final List<PurgeRound> purges;
    private final Duration interval;
    private boolean running;

    /** @param purges run one after the other, each whatever became of the one before */
    public PurgeVerticle(List<PurgeRound> purges, Duration interval) {
        this.purges = List.copyOf(purges);
        this.interval = interval;
    }

    @Override
    public Future<?> start() {
        long timer = vertx.setPeriodic(interval.toMillis(), tick -> round());
        LOG.atDebug().addKeyValue("timer", timer).log("purging is scheduled");
        return Future.succeededFuture();
    }

    /** A round that takes longer than the interval is not joined by another. */
    private void round() {
        if (running) {
            return;
        }
        running = true;
        Future<Void> all = Future.succeededFuture();
        for (PurgeRound purge : purges) {
            all = all.compose(before -> purge.purge().transform(PurgeVerticle::reported));
        }
        all.onComplete(done -> running = false);
    }

    private static Future<Void> reported(AsyncResult<Integer> done) {
        if (done.failed()) {
            // The next round tries again; nothing was lost.
            LOG.atWarn()
                    .addKeyValue("failure", StoreFailure.describe(done.cause()))
                    .log("upkeep failed");
        } else if (done.result() > 0) {
            LOG.atInfo().addKeyValue("count", done.result()).log("did what was due");
        }
        return Future.succeededFuture();
    }
}
