package com.fyvault.api;

import com.fyvault.platform.http.ErrorExit;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;

/**
 * Lets pages of configured origins call the API and read its answers (CORS). Of any other origin nothing is said,
 * which a browser takes for a no.
 */
public final class CrossOrigin {
    private static final String METHODS = "GET, POST, PATCH, DELETE";
    private static final String HEADERS = "authorization, content-type, idempotency-key, if-match, if-none-match";
    private static final String SHOWN = "etag, x-request-id, x-next-cursor, retry-after, ratelimit, ratelimit-policy";

    private final Sites sites;
    private final boolean any;

    public CrossOrigin(Sites sites) {
        this.sites = sites;
        this.any = sites.hasOrigins();
    }

    /** Adds what the browser wants to know; true when that is all that it asked. */
    public boolean tryAnswer(HttpServerRequest request) {
        if (!any) {
            return false;
        }
        @Nullable String origin = request.getHeader(HttpHeaders.ORIGIN);
        HttpServerResponse response = request.response().putHeader(HttpHeaders.VARY, HttpHeaders.ORIGIN);
        if (origin == null || !sites.isConfigured(origin)) {
            return false;
        }
        response.putHeader("access-control-allow-origin", origin)
                .putHeader("access-control-allow-credentials", "true")
                .putHeader("access-control-expose-headers", SHOWN);
        boolean asks = HttpMethod.OPTIONS.equals(request.method())
                && request.headers().contains("access-control-request-method");
        if (asks) {
            response.setStatusCode(204)
                    .putHeader("access-control-allow-methods", METHODS)
                    .putHeader("access-control-allow-headers", HEADERS)
                    .putHeader("access-control-max-age", "600")
                    .end()
                    .onFailure(gone -> ErrorExit.clientGone());
        }
        return asks;
    }
}
