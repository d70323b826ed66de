package com.fyvault.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.HttpServerConnection;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A real socket, and an event loop that stands still after the first look at the clock and before the system call. */
class LateAtTheSocketTest {
    private static final long DEADLINE = TimeUnit.MILLISECONDS.toNanos(100);

    private final Vertx vertx = Vertx.vertx(new VertxOptions()
            .setPreferNativeTransport(true)
            .setMaxEventLoopExecuteTime(10)
            .setMaxEventLoopExecuteTimeUnit(TimeUnit.SECONDS));

    @AfterEach
    void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void whatIsInTimeArrives() throws IOException {
        assertThat(answer(0)).startsWith("HTTP/1.1 200").endsWith("value");
    }

    @Test
    void nothingOfALateAnswerLeaves() throws IOException {
        assertThat(answer(2 * DEADLINE)).isEmpty();
    }

    private String answer(long stoppedNanos) throws IOException {
        assertThat(vertx.isNativeTransportEnabled()).isTrue();
        ReleaseWindow window = new ReleaseWindow(() -> System.nanoTime() + TimeUnit.HOURS.toNanos(1));
        HttpServer server = vertx.createHttpServer(new HttpServerOptions().setHost("127.0.0.1"))
                .connectionHandler(connection -> {
                    window.guard(connection);
                    ((HttpServerConnection) connection)
                            .channelHandlerContext()
                            .pipeline()
                            .addFirst(new Stop(stoppedNanos));
                })
                .requestHandler(request -> {
                    window.open(System.nanoTime() + DEADLINE);
                    var _ = request.response().end("value");
                    window.shut();
                });
        int port = server.listen(0)
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .actualPort();
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
            client.setSoTimeout((int) TimeUnit.SECONDS.toMillis(10));
            client.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            InputStream in = client.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    /** Nearer to the socket than the window. */
    private static final class Stop extends ChannelOutboundHandlerAdapter {
        private final long nanos;

        Stop(long nanos) {
            this.nanos = nanos;
        }

        @Override
        public void flush(ChannelHandlerContext context) {
            LockSupport.parkNanos(nanos);
            context.flush();
        }
    }
}
