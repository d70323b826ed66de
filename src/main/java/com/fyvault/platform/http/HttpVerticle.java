package com.fyvault.platform.http;

import com.fyvault.platform.config.HttpSettings;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.IdentityHashMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One event loop's listener. It owns the server socket and what the handler's parts hold open. */
public final class HttpVerticle extends VerticleBase {
    private final HttpSettings settings;
    private final AtomicInteger port;
    private final Function<Vertx, Future<Served>> parts;
    private final Supplier<UUID> ids;
    private final AtomicInteger connections;
    /** Connections of this event loop without a request yet, with the timer that ends them. */
    private final IdentityHashMap<HttpConnection, Long> awaited = new IdentityHashMap<>();

    /** The handler of one event loop, how to let go of its parts, and the last look at what leaves it. */
    public record Served(Handler<HttpServerRequest> handler, Supplier<Future<Void>> close, ReleaseWindow window) {}

    private Supplier<Future<Void>> close = Future::succeededFuture;

    /**
     * @param port told the port that was got
     * @param connections open connections of the whole node
     */
    public HttpVerticle(
            HttpSettings settings,
            AtomicInteger port,
            AtomicInteger connections,
            Supplier<UUID> ids,
            Function<Vertx, Future<Served>> parts) {
        this.settings = settings;
        this.port = port;
        this.connections = connections;
        this.ids = ids;
        this.parts = parts;
    }

    @Override
    public Future<?> start() {
        return parts.apply(vertx).compose(served -> {
            close = served.close();
            HttpServer server = vertx.createHttpServer(options());
            server.invalidRequestHandler(this::invalid);
            server.connectionHandler(connection -> {
                if (connections.incrementAndGet() > settings.maxConnections()) {
                    connection.close();
                }
                awaitHead(connection);
                served.window().guard(connection);
                connection.closeHandler(gone -> {
                    connections.decrementAndGet();
                    headArrived(connection);
                });
            });
            return server.requestHandler(request -> {
                        headArrived(request.connection());
                        served.handler().handle(request);
                    })
                    .listen(sharedPort(), settings.host())
                    .onSuccess(listening -> port.set(listening.actualPort()));
        });
    }

    @Override
    public Future<?> stop() {
        return close.get();
    }

    /** Vert.x lets instances share a given port, or one picked for all of them under a negative number; never 0. */
    private int sharedPort() {
        return settings.port() == 0 ? -1 : settings.port();
    }

    /** Closes the connection unless a request comes: a head sent a byte at a time is never idle, and never whole. */
    private void awaitHead(HttpConnection connection) {
        long timer = vertx.setTimer(settings.headTimeout().toMillis(), late -> {
            if (awaited.remove(connection) != null) {
                connection.close().onFailure(already -> ErrorExit.clientGone());
            }
        });
        awaited.put(connection, timer);
    }

    private void headArrived(HttpConnection connection) {
        // Empty while nothing but kept connections are in use, which is nearly always.
        if (!awaited.isEmpty()) {
            @Nullable Long timer = awaited.remove(connection);
            if (timer != null) {
                vertx.cancelTimer(timer);
            }
        }
    }

    private HttpServerOptions options() {
        return new HttpServerOptions()
                .setHttp2ClearTextEnabled(false)
                .setIdleTimeout((int) settings.idleTimeout().toMillis())
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setMaxHeaderSize(settings.maxHeaderBytes())
                .setMaxInitialLineLength(settings.maxRequestLineBytes())
                .setMaxFormAttributeSize(0)
                .setCompressionSupported(false)
                .setDecompressionSupported(false)
                .setTcpNoDelay(true)
                .setAcceptBacklog(1_024);
    }

    private void invalid(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        ErrorCode code = cause instanceof TooLongHttpLineException
                ? ErrorCode.URI_TOO_LONG
                : cause instanceof TooLongHttpHeaderException
                        ? ErrorCode.HEADERS_TOO_LARGE
                        : ErrorCode.MALFORMED_REQUEST;
        ErrorExit.end(request, ids.get().toString(), Refusal.of(code));
    }
}
