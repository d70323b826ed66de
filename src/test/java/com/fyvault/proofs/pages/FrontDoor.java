package com.fyvault.proofs.pages;

import com.fyvault.support.TestServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Stands before the server under a name of its own, and notes every request that came and how it was answered. It can
 * take the walls down that keep hostile pages out, one after the other, so that it shows which of them holds.
 */
final class FrontDoor implements AutoCloseable {
    static final String NAME = "vault.fyvault.localhost";

    private final int target;
    private final HttpClient client;
    private final HttpServer server;
    private final List<Seen> seen = new ArrayList<>();
    private int underWay;
    private volatile Walls walls = Walls.UP;

    /** What protects the server. */
    enum Walls {
        /** Everything that it has. */
        UP,
        /** The browser's rule SameSite is gone: pages of other sites send the cookie too. */
        NO_SAME_SITE,
        /** The server's look at where a request comes from, and at what it is, is gone as well. */
        DOWN
    }

    /** A request, by its method, path and headers, and its answer. */
    record Seen(String method, String path, Map<String, String> headers, int status) {
        boolean isAsking() {
            return method.equals("OPTIONS");
        }

        boolean acted() {
            return !isAsking() && status / 100 == 2;
        }

        boolean hasLogin() {
            return headers.getOrDefault("cookie", "").contains("__Host-fyvault_session=");
        }
    }

    FrontDoor(Vertx vertx, int target) {
        this.target = target;
        this.client = vertx.createHttpClient();
        this.server = TestServer.await(
                vertx.createHttpServer().requestHandler(this::take).listen(0, "127.0.0.1"));
    }

    int port() {
        return server.actualPort();
    }

    String origin() {
        return "http://" + NAME + ":" + port();
    }

    void put(Walls now) {
        walls = now;
    }

    synchronized int mark() {
        return seen.size();
    }

    synchronized List<Seen> since(int mark) {
        return List.copyOf(seen.subList(mark, seen.size()));
    }

    /** Waits until such a request was answered since the mark and none is under way; false when the time is over. */
    synchronized boolean await(int mark, Predicate<Seen> wanted, long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        try {
            while (underWay > 0 || since(mark).stream().noneMatch(wanted)) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0) {
                    return false;
                }
                wait(left);
            }
            return true;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stop);
        }
    }

    private synchronized void begin() {
        underWay++;
    }

    private synchronized void end(Seen request) {
        underWay--;
        seen.add(request);
        notifyAll();
    }

    private void take(HttpServerRequest request) {
        begin();
        Map<String, String> headers = new TreeMap<>();
        request.headers().forEach(header -> headers.put(header.getKey().toLowerCase(Locale.ROOT), header.getValue()));
        Walls now = walls;
        if (now == Walls.DOWN && HttpMethod.OPTIONS.equals(request.method())) {
            welcome(request, headers);
            return;
        }
        request.body()
                .compose(body -> pass(
                        request,
                        now == Walls.DOWN ? Disguise.of(request, body, origin()) : Disguise.none(request, body)))
                .compose(answer -> answer.body().compose(body -> back(request, answer, body, headers)))
                .onFailure(gone -> end(new Seen(request.method().name(), request.path(), headers, 0)));
    }

    private Future<HttpClientResponse> pass(HttpServerRequest request, Disguise disguise) {
        RequestOptions options = new RequestOptions()
                .setHost("127.0.0.1")
                .setPort(target)
                .setMethod(HttpMethod.valueOf(disguise.method()))
                .setURI(disguise.uri());
        return client.request(options).compose(onward -> {
            disguise.headers().forEach((name, value) -> onward.putHeader(name, value));
            String host = request.getHeader("host");
            return onward.putHeader("host", host == null ? NAME : host).send(disguise.body());
        });
    }

    private Future<Void> back(
            HttpServerRequest request, HttpClientResponse answer, Buffer body, Map<String, String> headers) {
        // Before the browser has the answer: whoever sees what came of it finds it noted here.
        end(new Seen(request.method().name(), request.path(), headers, answer.statusCode()));
        var response = request.response().setStatusCode(answer.statusCode());
        answer.headers().forEach(header -> {
            boolean ours = header.getKey().equalsIgnoreCase("content-length")
                    || header.getKey().equalsIgnoreCase("transfer-encoding");
            if (!ours) {
                response.headers().add(header.getKey(), told(header.getKey(), header.getValue()));
            }
        });
        if (walls == Walls.DOWN) {
            response.headers().remove("content-security-policy").remove("x-frame-options");
            allow(request);
        }
        return response.end(body);
    }

    private String told(String name, String value) {
        return walls != Walls.UP && name.equalsIgnoreCase("set-cookie")
                ? value.replace("SameSite=Lax", "SameSite=None")
                : value;
    }

    /** Says yes to a browser that asks whether a page of another site may. */
    private void welcome(HttpServerRequest request, Map<String, String> headers) {
        end(new Seen("OPTIONS", request.path(), headers, 204));
        allow(request);
        request.response()
                .setStatusCode(204)
                .putHeader("access-control-allow-methods", "GET, POST, PATCH, DELETE")
                .putHeader("access-control-allow-headers", "content-type, x-http-method-override")
                .end()
                .onFailure(gone -> {});
    }

    private static void allow(HttpServerRequest request) {
        String origin = request.getHeader("origin");
        if (origin != null) {
            request.response()
                    .putHeader("access-control-allow-origin", origin)
                    .putHeader("access-control-allow-credentials", "true");
        }
    }

    @Override
    public void close() {
        TestServer.await(server.close());
        TestServer.await(client.close());
    }
}
