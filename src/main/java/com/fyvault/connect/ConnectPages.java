package com.fyvault.connect;

import com.fyvault.crypto.Uuid7;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.ErrorExit;
import com.fyvault.platform.http.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The page on which a person lets a provider in. The same bytes for everybody: what was asked for stands in the address, and
 * only the page's own script reads it. It leads nowhere by itself.
 */
public final class ConnectPages {
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
            + " require-trusted-types-for 'script'; trusted-types 'none'";
    private static final Map<String, Page> PAGES = Map.of(
            "/connect", new Page("connect/index.html", "text/html; charset=utf-8"),
            "/connect/page.js", new Page("connect/page.js", "text/javascript; charset=utf-8"),
            "/connect/page.css", new Page("connect/page.css", "text/css; charset=utf-8"));
    private static final Map<String, Buffer> READ = new ConcurrentHashMap<>();

    private record Page(String resource, String type) {}

    private final Vertx vertx;
    private final Uuid7 ids;

    public ConnectPages(Vertx vertx, Uuid7 ids) {
        this.vertx = vertx;
        this.ids = ids;
    }

    /** Answers when the path is the page's or one of its files'; false leaves the request alone. */
    public boolean tryServe(HttpServerRequest request) {
        @Nullable String path = request.path();
        @Nullable Page page = path == null ? null : PAGES.get(path);
        if (page == null) {
            return false;
        }
        String id = ids.next().toString();
        if (!HttpMethod.GET.equals(request.method()) && !HttpMethod.HEAD.equals(request.method())) {
            request.response().putHeader(HttpHeaders.ALLOW, "GET, HEAD");
            ErrorExit.end(request, id, Refusal.of(ErrorCode.METHOD_NOT_ALLOWED));
            return true;
        }
        read(page.resource())
                .onSuccess(bytes -> answer(request, page, bytes))
                .onFailure(failure -> ErrorExit.end(request, id, failure));
        return true;
    }

    private static void answer(HttpServerRequest request, Page page, Buffer bytes) {
        request.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, page.type())
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .putHeader("content-security-policy", POLICY)
                .putHeader("x-frame-options", "DENY")
                .putHeader("x-content-type-options", "nosniff")
                .putHeader("referrer-policy", "no-referrer")
                .putHeader("cross-origin-opener-policy", "same-origin")
                .end(bytes)
                .onFailure(gone -> ErrorExit.clientGone());
    }

    /** On a worker the first time. */
    private Future<Buffer> read(String resource) {
        @Nullable Buffer ready = READ.get(resource);
        return ready != null
                ? Future.succeededFuture(ready)
                : vertx.executeBlocking(() -> READ.computeIfAbsent(resource, ConnectPages::load), false);
    }

    private static Buffer load(String resource) {
        try (InputStream file = open(resource)) {
            return Buffer.buffer(file.readAllBytes());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private static InputStream open(String resource) throws IOException {
        @Nullable InputStream file = ConnectPages.class.getClassLoader().getResourceAsStream(resource);
        if (file == null) {
            throw new FileNotFoundException(resource);
        }
        return file;
    }
}
