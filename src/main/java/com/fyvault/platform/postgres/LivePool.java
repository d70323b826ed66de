package com.fyvault.platform.postgres;

import com.fyvault.platform.config.PostgresSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pool that is replaced after PostgreSQL has been silent. When the way there is cut and nobody says so,
 * connections hang, also those that are just being made, and keep the pool when the way is mended: it served
 * again up to ten seconds later. So when a caller gives up and there has been no answer for a second, a single
 * connection of its own asks again and again; when that one is answered and the pool still is not, the pool is
 * put aside with all that hangs in it.
 *
 * <p>What was put aside empties by itself: what hangs is given up when nothing was read on it for a while, what
 * rests is closed sooner. Only then is the pool closed: closing one earlier waits for connections that may be
 * gone by then, and the client completes no such wait.
 */
final class LivePool {
    private static final Logger LOG = LoggerFactory.getLogger(LivePool.class);
    private static final int GIVEN_UP_SECONDS = 10;
    private static final int RESTING_SECONDS = 5;
    private static final long EMPTY_MILLIS = TimeUnit.SECONDS.toMillis(2 * GIVEN_UP_SECONDS);
    private static final long SILENT_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long PROBE_MILLIS = 200;

    private final Vertx vertx;
    private final PostgresSettings settings;
    private final String name;
    private final AtomicInteger made = new AtomicInteger();
    private final AtomicLong answeredAt = new AtomicLong(System.nanoTime());
    private final AtomicBoolean probing = new AtomicBoolean();
    private final Pool probe;
    private final AtomicReference<Pool> current;

    /** @param name of the pool; pools of one name in one Vert.x are one */
    LivePool(Vertx vertx, PostgresSettings settings, String name) {
        this.vertx = vertx;
        this.settings = settings;
        this.name = name;
        this.probe = open(new PoolOptions().setMaxSize(1).setIdleTimeout(1).setName(name + "-probe"), 1);
        this.current = new AtomicReference<>(next());
    }

    /** The pool to ask. What comes of it is to be waited for by {@link #within}. */
    Pool get() {
        return current.get();
    }

    /**
     * Waits so long for what the pool was asked, and judges the pool by it, also by an answer that comes late.
     *
     * @return the same, or a TimeoutException
     */
    <T> Future<T> within(long millis, Future<T> asked) {
        return asked.onComplete(done -> judge(done.cause()))
                .timeout(millis, TimeUnit.MILLISECONDS)
                .onFailure(this::judge);
    }

    /** Notes that there was an answer, or begins to look for one when there has been none for too long. */
    private void judge(@Nullable Throwable failure) {
        if (failure == null || !StoreFailure.isSilence(failure)) {
            answeredAt.set(System.nanoTime());
            return;
        }
        long last = answeredAt.get();
        if (System.nanoTime() - last > SILENT_NANOS && probing.compareAndSet(false, true)) {
            LOG.warn("PostgreSQL is silent");
            probe(last);
        }
    }

    private void probe(long silentSince) {
        if (answeredAt.get() != silentSince) {
            probing.set(false);
            return;
        }
        probe.query("select 1")
                .execute()
                .timeout(SILENT_NANOS, TimeUnit.NANOSECONDS)
                .onComplete(asked -> {
                    // A PostgreSQL that was only stopped answers on the connections there are as well, a little later.
                    long _ = vertx.setTimer(PROBE_MILLIS, later -> {
                        if (asked.succeeded()) {
                            replace(silentSince);
                        } else {
                            probe(silentSince);
                        }
                    });
                });
    }

    private void replace(long silentSince) {
        if (answeredAt.compareAndSet(silentSince, System.nanoTime())) {
            LOG.warn("PostgreSQL answers again, but not on the connections there are: they are made anew");
            Pool aside = current.getAndSet(next());
            long _ = vertx.setTimer(EMPTY_MILLIS, empty -> {
                var _ = aside.close();
            });
        }
        probing.set(false);
    }

    private Pool next() {
        PoolOptions options = new PoolOptions()
                .setMaxSize(settings.poolSize())
                .setMaxWaitQueueSize(settings.waitQueue())
                .setConnectionTimeout((int) settings.acquireTimeout().toMillis())
                .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS)
                .setIdleTimeout(RESTING_SECONDS)
                .setName(name + "-" + made.incrementAndGet());
        return open(options, GIVEN_UP_SECONDS);
    }

    private Pool open(PoolOptions options, int givenUpSeconds) {
        NetClientOptions transport = new NetClientOptions()
                .setConnectTimeout((int) TimeUnit.SECONDS.toMillis(givenUpSeconds))
                .setReadIdleTimeout(givenUpSeconds)
                .setIdleTimeoutUnit(TimeUnit.SECONDS);
        return PgBuilder.pool()
                .with(options.setIdleTimeoutUnit(TimeUnit.SECONDS).setShared(true))
                .with(transport)
                .connectingTo(settings.application())
                .using(vertx)
                .build();
    }

    /** Closes every connection. */
    Future<Void> close() {
        return Future.join(probe.close(), current.get().close()).mapEmpty();
    }
}
