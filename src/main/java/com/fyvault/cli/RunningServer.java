package com.fyvault.cli;

import com.fyvault.App;
import com.fyvault.Settings;
import com.fyvault.crypto.RootKeySource;
import com.fyvault.platform.Preload;
import com.fyvault.platform.postgres.Rehearsal;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A started server in this process. */
final class RunningServer implements AutoCloseable {
    private static final long START_SECONDS = 30;
    private static final long STOP_SECONDS = 10;
    /** An event loop held longer than this is a defect, and is logged as one. */
    private static final long BLOCKED_MILLIS = 50;
    /** How often somebody looks: what is over before a look is not seen. */
    private static final long LOOK_MILLIS = 100;

    private final Vertx vertx;
    private final App app;

    private RunningServer(Vertx vertx, App app) {
        this.vertx = vertx;
        this.app = app;
    }

    /** Starts and waits until it listens. */
    static RunningServer start(Settings settings, RootKeySource root) {
        Preload.begin().join();
        if (settings.redis().isConfigured()) {
            Preload.useTls(); // Redis is asked before anybody is served, maybe through TLS.
        }
        Rehearsal.once(settings.postgres().application());
        Vertx vertx = Vertx.vertx(new VertxOptions()
                .setPreferNativeTransport(true)
                .setEventLoopPoolSize(settings.http().eventLoops())
                .setMaxEventLoopExecuteTime(BLOCKED_MILLIS)
                .setMaxEventLoopExecuteTimeUnit(TimeUnit.MILLISECONDS)
                .setBlockedThreadCheckInterval(LOOK_MILLIS)
                .setBlockedThreadCheckIntervalUnit(TimeUnit.MILLISECONDS));
        try {
            return new RunningServer(vertx, await(App.start(vertx, settings, root), START_SECONDS));
        } catch (RuntimeException failure) {
            vertx.close();
            throw failure;
        }
    }

    App app() {
        return app;
    }

    @Override
    public void close() {
        await(app.stop().transform(stopped -> vertx.close()), STOP_SECONDS);
    }

    /** The result, waited for; its failure as it is when it is one of ours. */
    static <T> T await(Future<T> future, long seconds) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(seconds, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException known) {
                throw known;
            }
            throw new CliError("could not start: " + failed.getCause(), failed);
        } catch (TimeoutException slow) {
            throw new CliError("gave up after " + seconds + " s", slow);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new CliError("interrupted", stop);
        }
    }
}
