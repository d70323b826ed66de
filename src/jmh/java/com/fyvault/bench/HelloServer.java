package com.fyvault.bench;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;

/**
 * The yardstick: an empty Vert.x answer, in a process of its own. What the product costs is told as a multiple of it.
 *
 * <p>Prints its address and ends with standard input, so that it never outlives the process that started it.
 */
public final class HelloServer extends VerticleBase {
    /** Stands before the address, alone on its line. */
    static final String ADDRESS_PREFIX = "HELLO_URL=";

    private static final Buffer BODY = Buffer.buffer("{\"message\":\"hello\"}");
    private static final CharSequence LENGTH = HttpHeaders.createOptimized(Integer.toString(BODY.length()));
    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");

    private int port;

    private HelloServer(int port) {
        this.port = port;
    }

    @Override
    public Future<?> start() {
        HttpServer server = vertx.createHttpServer(
                        new HttpServerOptions().setHost("127.0.0.1").setPort(port))
                .requestHandler(request -> {
                    var _ = request.response()
                            .putHeader(HttpHeaders.CONTENT_TYPE, JSON)
                            .putHeader(HttpHeaders.CONTENT_LENGTH, LENGTH)
                            .end(BODY);
                });
        return server.listen().onSuccess(listening -> port = listening.actualPort());
    }

    /** Argument: the number of event loops, as many as the server that it is compared with. */
    public static void main(String[] args) throws IOException {
        int eventLoops = args.length > 0 ? Integer.parseInt(args[0]) : 1;
        Vertx vertx =
                Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(eventLoops));
        HelloServer first = new HelloServer(0);
        vertx.deployVerticle(first).await();
        for (int i = 1; i < eventLoops; i++) {
            vertx.deployVerticle(new HelloServer(first.port)).await();
        }
        System.out.println(ADDRESS_PREFIX + "http://127.0.0.1:" + first.port + "/");
        System.out.flush();
        var _ = System.in.readAllBytes();
        var _ = vertx.close().await();
    }
}
