package com.fyvault.nodes;

import com.fyvault.platform.postgres.StoreFailure;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.pubsub.PgSubscriber;
import io.vertx.sqlclient.Tuple;
import java.net.ConnectException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * News over LISTEN and NOTIFY, on one connection of its own. A connection that does not answer within
 * a second is closed and made again: a half-open one says nothing by itself.
 */
public final class PostgresNews extends VerticleBase implements News {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresNews.class);
    private static final long RETRY_MILLIS = 200;
    private static final Duration PROBE_EACH = Duration.ofMillis(500);
    private static final Duration PROBE_LIMIT = Duration.ofSeconds(1);

    private final PgConnectOptions options;
    private final Map<String, Consumer<String>> listeners = new HashMap<>();
    private volatile @Nullable PgSubscriber subscriber;
    private boolean probing;

    public PostgresNews(PgConnectOptions options) {
        this.options = options;
    }

    @Override
    public void listen(String channel, Consumer<String> listener) {
        listeners.put(channel, listener);
    }

    @Override
    public Future<?> start() {
        PgSubscriber made = PgSubscriber.subscriber(vertx, options).reconnectPolicy(tries -> RETRY_MILLIS);
        listeners.forEach((channel, listener) -> {
            var _ = made.channel(channel).handler(listener::accept);
        });
        subscriber = made;
        long _ = vertx.setPeriodic(PROBE_EACH.toMillis(), tick -> probe(made));
        return made.connect();
    }

    @Override
    public Future<?> stop() {
        @Nullable PgSubscriber old = subscriber;
        subscriber = null;
        return old == null ? Future.succeededFuture() : old.close();
    }

    @Override
    public Future<Void> tell(String channel, String text) {
        @Nullable PgConnection connection = connection();
        if (connection == null) {
            return Future.failedFuture(new ConnectException("not connected"));
        }
        return connection
                .preparedQuery("select pg_notify($1, $2)")
                .execute(Tuple.of(channel, text))
                .mapEmpty();
    }

    @Override
    public boolean hears() {
        return connection() != null;
    }

    private @Nullable PgConnection connection() {
        @Nullable PgSubscriber now = subscriber;
        return now == null ? null : now.actualConnection();
    }

    private void probe(PgSubscriber made) {
        @Nullable PgConnection connection = made.actualConnection();
        if (connection == null || probing) {
            return;
        }
        probing = true;
        connection
                .query("select 1")
                .execute()
                .timeout(PROBE_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                .onComplete(done -> {
                    probing = false;
                    if (done.failed()) {
                        LOG.atWarn()
                                .addKeyValue("cause", StoreFailure.describe(done.cause()))
                                .log("news connection does not answer");
                        connection.close().onFailure(gone -> LOG.debug("already closed"));
                    }
                });
    }
}
