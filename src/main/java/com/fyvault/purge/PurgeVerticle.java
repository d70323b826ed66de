package com.fyvault.purge;

import com.fyvault.platform.config.PurgeSettings;
import com.fyvault.platform.postgres.StoreFailure;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Purges now and then, for as long as the node runs. Owns the timer. */
public final class PurgeVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(PurgeVerticle.class);

    private final PurgeDeleted purge;
    private final PurgeSettings settings;
    private boolean running;

    public PurgeVerticle(PurgeDeleted purge, PurgeSettings settings) {
        this.purge = purge;
        this.settings = settings;
    }

    @Override
    public Future<?> start() {
        long timer = vertx.setPeriodic(settings.interval().toMillis(), tick -> round());
        LOG.atDebug().addKeyValue("timer", timer).log("purging is scheduled");
        return Future.succeededFuture();
    }

    /** A round that takes longer than the interval is not joined by another. */
    private void round() {
        if (running) {
            return;
        }
        running = true;
        purge.purge().onComplete(done -> {
            running = false;
            if (done.failed()) {
                // The next round tries again; nothing was lost.
                LOG.atWarn()
                        .addKeyValue("failure", StoreFailure.describe(done.cause()))
                        .log("purge failed");
            } else if (done.result() > 0) {
                LOG.atInfo().addKeyValue("count", done.result()).log("purged what was deleted 30 days ago");
            }
        });
    }
}
