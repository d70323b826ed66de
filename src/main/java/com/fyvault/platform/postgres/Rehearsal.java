package com.fyvault.platform.postgres;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first connection of a process, on an event loop of its own that serves nobody. It links some
 * hundreds of call sites, which held the loop that did it for 51 ms (docs/BENCHMARKS.md); the loops that
 * serve find them linked. Whether it succeeds does not matter: the start that follows says what is wrong.
 */
public final class Rehearsal {
    private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);
    private static final long SECONDS = 2;
    private static boolean done;

    private Rehearsal() {}

    /** Connects, asks for nothing, and closes; the first time that it is called. Blocks for two seconds at most. */
    public static synchronized void once(PgConnectOptions options) {
        if (done) {
            return;
        }
        done = true;
        Vertx stage = Vertx.vertx(new VertxOptions()
                .setPreferNativeTransport(true)
                .setEventLoopPoolSize(1)
                .setMaxEventLoopExecuteTime(SECONDS)
                .setMaxEventLoopExecuteTimeUnit(TimeUnit.SECONDS));
        CountDownLatch over = new CountDownLatch(1);
        Future<?> played = PgConnection.connect(stage, options)
                .compose(connection -> connection.query("select 1").execute().eventually(connection::close))
                .timeout(SECONDS, TimeUnit.SECONDS)
                .onFailure(away -> LOG.atDebug()
                        .addKeyValue("cause", StoreFailure.describe(away))
                        .log("no rehearsal"))
                .onComplete(end -> over.countDown());
        try {
            if (!over.await(2 * SECONDS, TimeUnit.SECONDS)) {
                LOG.debug("the rehearsal is not over: {}", played);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } finally {
            // From here: what is told on the stage's own loops after they have ended is an error.
            var _ = stage.close();
        }
    }
}
