package com.fyvault.nodes;

import com.fyvault.platform.postgres.StoreFailure;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgNotification;
import io.vertx.sqlclient.Tuple;
import java.net.ConnectException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * News over LISTEN and NOTIFY, on one connection of its own. A connection may look alive and hear nothing:
 * half open, or made again without a LISTEN. So the node sends itself a message each half second, and
 * a connection on which the last one was not heard within a second is closed and made again.
 */
public final class PostgresNews extends VerticleBase implements News {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresNews.class);
    private static final Duration RETRY = Duration.ofMillis(200);
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(2);
    private static final Duration PROBE_EACH = Duration.ofMillis(500);
    private static final Duration PROBE_LIMIT = Duration.ofSeconds(1);
    private static final String TELL = "select pg_notify($1, $2)";

    private final PgConnectOptions options;
    private final Map<String, Consumer<String>> listeners = new HashMap<>();
    private final String own;

    private volatile @Nullable PgConnection current;
    private volatile long heard;
    private long probes;
    private boolean stopped;

    public PostgresNews(PgConnectOptions options, UUID nodeId) {
        this.options = options;
        // Nobody else listens there. Without hyphens the name needs no quotes.
        this.own = "fyvault_self_" + nodeId.toString().replace("-", "");
    }

    @Override
    public void listen(String channel, Consumer<String> listener) {
        listeners.put(channel, listener);
    }

    @Override
    public Future<?> start() {
        return connect();
    }

    @Override
    public Future<?> stop() {
        stopped = true;
        @Nullable PgConnection old = current;
        current = null;
        return old == null ? Future.succeededFuture() : old.close();
    }

    @Override
    public Future<Void> tell(String channel, String text) {
        @Nullable PgConnection connection = current;
        if (connection == null) {
            return Future.failedFuture(new ConnectException("not connected"));
        }
        return connection.preparedQuery(TELL).execute(Tuple.of(channel, text)).mapEmpty();
    }

    @Override
    public boolean hears() {
        return current != null
                && System.nanoTime() - heard < PROBE_LIMIT.plus(PROBE_EACH).toNanos();
    }

    private Future<Void> connect() {
        Future<PgConnection> made = PgConnection.connect(vertx, options);
        return made.compose(this::listenOn)
                .timeout(CONNECT_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                .onFailure(late -> made.onSuccess(PostgresNews::drop))
                .onSuccess(this::use)
                .mapEmpty();
    }

    private Future<PgConnection> listenOn(PgConnection connection) {
        String statements = Stream.concat(listeners.keySet().stream(), Stream.of(own))
                .map(channel -> "listen " + channel)
                .collect(Collectors.joining(";"));
        return connection.query(statements).execute().map(listening -> connection);
    }

    private void use(PgConnection connection) {
        if (stopped) {
            drop(connection);
            return;
        }
        heard = System.nanoTime();
        current = connection;
        probes = vertx.setPeriodic(PROBE_EACH.toMillis(), tick -> probe(connection));
        var _ = connection.notificationHandler(this::onNotification).closeHandler(gone -> lose(connection));
    }

    private void lose(PgConnection connection) {
        if (connection.equals(current)) {
            LOG.warn("news connection lost");
            current = null;
            boolean _ = vertx.cancelTimer(probes);
            drop(connection);
            again();
        }
    }

    private void again() {
        long _ = vertx.setTimer(RETRY.toMillis(), due -> {
            if (!stopped) {
                connect()
                        .onSuccess(back -> LOG.info("news connection made again"))
                        .onFailure(away -> {
                            LOG.atWarn()
                                    .addKeyValue("cause", StoreFailure.describe(away))
                                    .log("no news connection");
                            again();
                        });
            }
        });
    }

    private void onNotification(PgNotification notification) {
        heard = System.nanoTime();
        @Nullable Consumer<String> listener = listeners.get(notification.getChannel());
        if (listener != null) {
            listener.accept(notification.getPayload());
        }
    }

    /** The message is heard on the connection that it is sent on, so one that is not heard says that it is of no use. */
    private void probe(PgConnection connection) {
        if (System.nanoTime() - heard > PROBE_LIMIT.toNanos()) {
            lose(connection);
        } else {
            connection
                    .preparedQuery(TELL)
                    .execute(Tuple.of(own, ""))
                    .onFailure(lost -> LOG.atDebug()
                            .addKeyValue("cause", StoreFailure.describe(lost))
                            .log("news not sent"));
        }
    }

    private static void drop(PgConnection connection) {
        connection.close().onFailure(gone -> LOG.debug("already closed"));
    }
}
