package com.fyvault.support;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Somebody's webhook on this machine, who keeps what arrives and answers with what the test says, or not at all. */
public final class WebhookServer implements AutoCloseable {
    /** No answer. */
    public static final int SILENCE = 0;

    private final HttpServer server;
    private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();
    private final Queue<Integer> answers = new ConcurrentLinkedQueue<>();

    /** A request as it came in. */
    public record Call(String method, String path, String id, String timestamp, String signature, byte[] body) {}

    private WebhookServer(HttpServer server) {
        this.server = server;
    }

    public static WebhookServer start() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            WebhookServer started = new WebhookServer(server);
            server.createContext("/", started::take);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.start();
            return started;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
    }

    /** The next calls are answered with these; those after them with 204. */
    public void answer(int... statuses) {
        for (int status : statuses) {
            answers.add(status);
        }
    }

    /** The next call; null when none comes in time. */
    public @Nullable Call next(int seconds) throws InterruptedException {
        return calls.poll(seconds, TimeUnit.SECONDS);
    }

    private void take(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        @Nullable Integer status = answers.poll();
        if (status != null && status >= 300 && status < 400) {
            exchange.getResponseHeaders().add("location", url() + "/elsewhere");
        }
        calls.add(new Call(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getPath(),
                header(exchange, "webhook-id"),
                header(exchange, "webhook-timestamp"),
                header(exchange, "webhook-signature"),
                body));
        if (status == null || status != SILENCE) {
            exchange.sendResponseHeaders(status == null ? 204 : status, -1);
            exchange.close();
        }
    }

    private static String header(HttpExchange exchange, String name) {
        return String.valueOf(exchange.getRequestHeaders().getFirst(name));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
