package com.fyvault.platform.postgres;

import com.fyvault.platform.config.PostgresSettings;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxException;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.sqlclient.ClosedConnectionException;
import io.vertx.sqlclient.DatabaseException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.impl.SocketConnectionBase;
import io.vertx.sqlclient.internal.SqlConnectionInternal;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pool that is replaced after PostgreSQL has been silent. When the way there is cut and nobody says so,
 * connections hang, also those that are just being made, and keep the pool when the way is mended. So when a
 * question has waited longer than a PostgreSQL that lives would let it, {@link Doorbell} rings there until
 * somebody comes; when the pool still has no answer then, it is put aside with all that hangs in it.
 *
 * <p>What was put aside empties by itself: what hangs is ended when nothing was read on it for a while, what
 * rests is closed sooner. Only then is the pool closed, for the client completes no close of a connection that
 * goes meanwhile. Two may be aside at once, so that a PostgreSQL that only stalls is not given ever more
 * connections.
 */
final class LivePool {
    private static final Logger LOG = LoggerFactory.getLogger(LivePool.class);
    private static final AtomicInteger MADE = new AtomicInteger();
    private static final int GIVEN_UP_SECONDS = 10;
    private static final int RESTING_SECONDS = 5;
    private static final int MOST_ASIDE = 2;
    private static final long EMPTY_MILLIS = TimeUnit.SECONDS.toMillis(2 * GIVEN_UP_SECONDS);
    private static final long AGAIN_MILLIS = 200;
    /** Nothing is unanswered. */
    private static final long NOTHING = 0;

    private final ContextInternal context;
    private final PostgresSettings settings;
    private final String name;
    private final long silentNanos;
    private final Doorbell doorbell;
    private final AtomicLong unansweredSince = new AtomicLong(NOTHING);
    private final AtomicBoolean ringing = new AtomicBoolean();
    private final AtomicInteger aside = new AtomicInteger();
    private final AtomicReference<Pool> current;
    private volatile boolean closed;

    /** @param name of the pool, for whoever looks */
    LivePool(Vertx vertx, PostgresSettings settings, String name) {
        // Of no deployment: a pool made in a verticle's context would end with the verticle.
        this.context = ((VertxInternal) vertx).createEventLoopContext();
        this.settings = settings;
        this.name = name;
        this.silentNanos = settings.statementTimeout().toNanos() + TimeUnit.MILLISECONDS.toNanos(AGAIN_MILLIS);
        this.doorbell = new Doorbell(vertx, settings.application().getSocketAddress());
        this.current = new AtomicReference<>(open());
    }

    /** The pool to ask. What comes of it is to be waited for by {@link #within}. */
    Pool get() {
        boolean _ = unansweredSince.compareAndSet(NOTHING, Math.max(1, System.nanoTime()));
        return current.get();
    }

    /** PostgreSQL has answered something. */
    void answered() {
        unansweredSince.set(NOTHING);
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

    /** Closes every connection. */
    Future<Void> close() {
        closed = true;
        return current.get().close();
    }

    /** What PostgreSQL told, or was thrown after it did, is an answer; a connection that ended says nothing. */
    private void judge(@Nullable Throwable failure) {
        boolean ofTheClient = failure instanceof VertxException
                || failure instanceof IOException
                || failure instanceof TimeoutException;
        if (!ofTheClient || failure instanceof DatabaseException) {
            answered();
        } else if (!(failure instanceof ClosedConnectionException || failure instanceof IOException)) {
            // No answer in time, nothing free in time, or too many who wait for that.
            long since = unansweredSince.get();
            if (since != NOTHING && System.nanoTime() - since > silentNanos && ringing.compareAndSet(false, true)) {
                LOG.warn("PostgreSQL is silent");
                context.runOnContext(go -> ring(since));
            }
        }
    }

    private void ring(long since) {
        if (closed || unansweredSince.get() != since) {
            ringing.set(false);
            return;
        }
        doorbell.ring().onComplete(rung -> {
            if (rung.failed() || aside.get() >= MOST_ASIDE) {
                long _ = context.setTimer(AGAIN_MILLIS, later -> ring(since));
            } else {
                // One that was only stopped, or slow to let anybody in, answers on the connections there are as well.
                current.get()
                        .query("select 1")
                        .execute()
                        .timeout(AGAIN_MILLIS, TimeUnit.MILLISECONDS)
                        .onSuccess(there -> answered())
                        .onComplete(asked -> replace(since));
            }
        });
    }

    private void replace(long since) {
        ringing.set(false);
        if (!closed && unansweredSince.compareAndSet(since, NOTHING)) {
            LOG.warn("PostgreSQL answers again, but not on the connections there are: they are made anew");
            Pool old = current.getAndSet(open());
            int _ = aside.incrementAndGet();
            long _ = context.setTimer(EMPTY_MILLIS, empty -> {
                int _ = aside.decrementAndGet();
                var _ = old.close();
            });
        }
    }

    private Pool open() {
        PoolOptions options = new PoolOptions()
                .setMaxSize(settings.poolSize())
                .setMaxWaitQueueSize(settings.waitQueue())
                .setConnectionTimeout((int) settings.acquireTimeout().toMillis())
                .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS)
                .setIdleTimeout(RESTING_SECONDS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS)
                .setName(name + "-" + MADE.incrementAndGet())
                .setShared(true);
        NetClientOptions transport = new NetClientOptions()
                .setConnectTimeout((int) TimeUnit.SECONDS.toMillis(GIVEN_UP_SECONDS))
                .setTcpUserTimeout((int) TimeUnit.SECONDS.toMillis(GIVEN_UP_SECONDS))
                .setReadIdleTimeout(GIVEN_UP_SECONDS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS);
        return PgBuilder.pool()
                .with(options)
                .with(transport)
                .withConnectHandler(LivePool::endWhenSilent)
                .connectingTo(settings.application())
                .using(context.owner())
                .build();
    }

    /**
     * The client says goodbye on an idle connection and waits for the other side to close it. Nearest to the socket
     * this handler closes it, whether or not anybody is there.
     */
    private static void endWhenSilent(SqlConnection connection) {
        if (((SqlConnectionInternal) connection).unwrap().unwrap() instanceof SocketConnectionBase base) {
            base.socket()
                    .channelHandlerContext()
                    .pipeline()
                    .addFirst(new ReadTimeoutHandler(GIVEN_UP_SECONDS, TimeUnit.SECONDS));
        }
        connection.close().onFailure(gone -> LOG.debug("already closed"));
    }
}
