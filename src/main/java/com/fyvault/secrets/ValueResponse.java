package com.fyvault.secrets;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP side of a release: headers prepared once, one write. */
final class ValueResponse {
    private static final Logger LOG = LoggerFactory.getLogger(ValueResponse.class);
    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
    private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
    private static final CharSequence REQUEST_ID = HttpHeaders.createOptimized("x-request-id");

    private ValueResponse() {}

    /** Sends the value, or 304 when there is no plaintext because the caller has it. */
    static void send(ReadSecret.Asked asked, SealedValue value, String etag, byte @Nullable [] plaintext) {
        HttpServerResponse response = asked.request().response();
        if (response.ended() || response.closed()) {
            return;
        }
        response.headers()
                .set(HttpHeaders.CACHE_CONTROL, NO_STORE)
                .set(REQUEST_ID, asked.id().toString())
                .set(HttpHeaders.ETAG, etag);
        if (plaintext == null) {
            response.setStatusCode(304).end().onFailure(gone -> LOG.debug("client gone before the answer"));
            return;
        }
        response.headers().set(HttpHeaders.CONTENT_TYPE, JSON);
        Buffer body = ValueAnswer.render(value.name(), plaintext, value.version());
        response.end(body).onFailure(gone -> LOG.debug("client gone before the answer"));
    }
}
