package com.fyvault.proofs.pages;

import com.fyvault.support.TestServer;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Serves hostile pages, under every name that leads to this machine, and keeps the cookies that it is sent. */
final class HostileSite implements AutoCloseable {
    /** Fetches in the name of a page, once it has been installed. */
    private static final String WORKER = """
            self.addEventListener('install', () => self.skipWaiting());
            self.addEventListener('activate', event => event.waitUntil(clients.claim()));
            self.addEventListener('message', event => event.waitUntil(
                fetch(event.data.url, {method: event.data.method, mode: 'no-cors', credentials: 'include',
                    body: event.data.body})
                    .then(answer => answer.text()).catch(error => 'refused: ' + error)
                    .then(text => event.source.postMessage(text))));
            """;

    private final Map<String, String> pages = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private final HttpServer server;
    /** What pages have sent here that they should keep. */
    final AtomicInteger leaks = new AtomicInteger();
    /** Cookie headers by the name under which the request came. */
    final Queue<Map.Entry<String, String>> cookies = new ConcurrentLinkedQueue<>();

    /** Whose page it is, as the browser sees it from {@link FrontDoor#NAME}. */
    enum From {
        /** Another site altogether. */
        OTHER_SITE("evil.localhost"),
        /** Another host of the same site. */
        SIBLING("evil.fyvault.localhost"),
        /** The same host on another port: the same site, another origin, and cookies know no ports. */
        OTHER_PORT(FrontDoor.NAME);

        private final String host;

        From(String host) {
            this.host = host;
        }
    }

    HostileSite(Vertx vertx) {
        this.server = TestServer.await(
                vertx.createHttpServer().requestHandler(this::serve).listen(0, "127.0.0.1"));
    }

    String origin(From from) {
        return origin(from.host);
    }

    String origin(String host) {
        return "http://" + host + ":" + server.actualPort();
    }

    /** Puts a page there; its path. */
    String put(String html) {
        String path = "/page" + count.incrementAndGet();
        pages.put(path, "<!doctype html><meta charset=utf-8><title>hostile</title><body>" + html);
        return path;
    }

    private void serve(HttpServerRequest request) {
        String cookie = request.getHeader("cookie");
        String host = String.valueOf(request.getHeader("host"));
        if (cookie != null) {
            cookies.add(Map.entry(host.replaceFirst(":.*", ""), cookie));
        }
        var response = request.response();
        if ("/leak".equals(request.path())) {
            leaks.incrementAndGet();
        }
        if ("/redirect".equals(request.path())) {
            // 307: the method and the body go along.
            response.setStatusCode(307)
                    .putHeader("location", request.getParam("to"))
                    .putHeader("access-control-allow-origin", "*")
                    .end()
                    .onFailure(gone -> {});
            return;
        }
        boolean worker = "/worker.js".equals(request.path());
        response.putHeader("content-type", worker ? "text/javascript" : "text/html")
                .putHeader("cache-control", "no-store")
                .end(worker ? WORKER : pages.getOrDefault(request.path(), "nothing"))
                .onFailure(gone -> {});
    }

    @Override
    public void close() {
        TestServer.await(server.close());
    }
}
