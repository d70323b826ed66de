package com.fyvault.docs;

import com.fyvault.crypto.Uuid7;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.ErrorExit;
import com.fyvault.platform.http.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The OpenAPI document, and Swagger UI to browse it: what anybody may see without a token. Belongs to
 * one event loop.
 *
 * <p>Nothing is read from the disk and nothing is fetched from elsewhere: the files come out of the
 * jars, once, and the policy of the page allows scripts and styles from this server only.
 */
public final class DocsRoutes {
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                    + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    private static final String HOUR = "public, max-age=3600";
    private static final Set<String> DOCUMENT = Set.of("/api/v1/openapi.json", "/v1/openapi.json");

    /** What each path is answered with, and nothing else of the jars. */
    private static final Map<String, Page> PAGES = Map.of(
            "/docs", new Page("docs/index.html", "text/html; charset=utf-8"),
            "/docs/", new Page("docs/index.html", "text/html; charset=utf-8"),
            "/docs/start.js", new Page("docs/start.js", "text/javascript; charset=utf-8"),
            "/docs/page.css", new Page("docs/page.css", "text/css; charset=utf-8"),
            "/docs/swagger-ui.css", new Page(Webjar.file("swagger-ui.css"), "text/css; charset=utf-8"),
            "/docs/swagger-ui-bundle.js",
                    new Page(Webjar.file("swagger-ui-bundle.js"), "text/javascript; charset=utf-8"),
            "/docs/favicon.png", new Page(Webjar.file("favicon-32x32.png"), "image/png"));

    private record Page(String resource, String type) {}

    private final Vertx vertx;
    private final Uuid7 ids;
    private final Router router;

    public DocsRoutes(Vertx vertx, Uuid7 ids) {
        this.vertx = vertx;
        this.ids = ids;
        this.router = Router.router(vertx);
        DOCUMENT.forEach(path -> route(path, new Page("openapi.json", "application/json")));
        PAGES.forEach(this::route);
        router.route().handler(this::refuse);
    }

    /** Answers when the path is one of the documentation's; false leaves the request alone. */
    public boolean tryServe(HttpServerRequest request) {
        @Nullable String path = request.path();
        boolean ours = path != null && (path.equals("/docs") || path.startsWith("/docs/") || DOCUMENT.contains(path));
        if (ours) {
            router.handle(request);
        }
        return ours;
    }

    private void route(String path, Page page) {
        router.route(path)
                .method(HttpMethod.GET)
                .method(HttpMethod.HEAD)
                .handler(call -> Webjar.read(vertx, page.resource())
                        .compose(bytes -> call.response()
                                .putHeader(HttpHeaders.CONTENT_TYPE, page.type())
                                .putHeader(HttpHeaders.CACHE_CONTROL, HOUR)
                                .putHeader("content-security-policy", POLICY)
                                .putHeader("x-content-type-options", "nosniff")
                                .putHeader("referrer-policy", "no-referrer")
                                .end(bytes))
                        .recover(failure -> refuse(call, failure))
                        .onFailure(gone -> ErrorExit.clientGone()));
    }

    private void refuse(RoutingContext call) {
        boolean known = PAGES.containsKey(call.request().path())
                || DOCUMENT.contains(call.request().path());
        if (known) {
            call.response().putHeader(HttpHeaders.ALLOW, "GET, HEAD");
        }
        ErrorCode code = known ? ErrorCode.METHOD_NOT_ALLOWED : ErrorCode.ROUTE_NOT_FOUND;
        ErrorExit.end(call.request(), ids.next().toString(), Refusal.of(code));
    }

    private Future<Void> refuse(RoutingContext call, Throwable failure) {
        ErrorExit.end(call.request(), ids.next().toString(), failure);
        return Future.succeededFuture();
    }
}
