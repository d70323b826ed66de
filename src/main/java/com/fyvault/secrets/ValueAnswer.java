package com.fyvault.secrets;

import com.fyvault.platform.http.ErrorExit;
import com.fyvault.platform.http.ReleaseWindow;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.buffer.BufferInternal;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The answer that releases a value: one write, the body straight from the plaintext's bytes. The plaintext is
 * UTF-8, as it was stored, so only quotes, backslashes and control characters need escaping (RFC 8259, 7).
 */
final class ValueAnswer {
    private static final byte[] HEAD = JsonText.ascii("{\"success\":true,\"data\":{\"name\":\"");
    static final byte[] VALUE = JsonText.ascii("\",\"value\":\"");
    static final byte[] VERSION = JsonText.ascii("\",\"version\":");
    private static final byte[] TAIL = JsonText.ascii("}}");
    private static final int LONGEST_VERSION = 20;

    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
    private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
    private static final CharSequence REQUEST_ID = HttpHeaders.createOptimized("x-request-id");

    private ValueAnswer() {}

    /** Sends the value, or 304 when there is no plaintext because the caller has it. */
    static void send(ReadSecret.Asked asked, SealedValue value, String etag, byte @Nullable [] plaintext) {
        HttpServerResponse response = asked.request().response();
        if (response.ended() || response.closed() || ReleaseWindow.turnsAway(asked.request())) {
            return;
        }
        response.headers()
                .set(HttpHeaders.CACHE_CONTROL, NO_STORE)
                .set(REQUEST_ID, asked.id().toString())
                .set(HttpHeaders.ETAG, etag);
        if (plaintext == null) {
            response.setStatusCode(304).end().onFailure(gone -> ErrorExit.clientGone());
            return;
        }
        response.headers().set(HttpHeaders.CONTENT_TYPE, JSON);
        Buffer body = render(value.name(), plaintext, value.version());
        response.end(body).onFailure(gone -> ErrorExit.clientGone());
    }

    /** {@code {"success":true,"data":{"name":..,"value":..,"version":..}}}. */
    static Buffer render(String name, byte[] value, long version) {
        int fixed = HEAD.length + VALUE.length + VERSION.length + TAIL.length + LONGEST_VERSION;
        ByteBuf out = Unpooled.buffer(fixed + name.length() + value.length + (value.length >> 4) + 16);
        out.writeBytes(HEAD);
        out.writeCharSequence(name, StandardCharsets.US_ASCII);
        out.writeBytes(VALUE);
        JsonText.escape(out, value);
        out.writeBytes(VERSION);
        out.writeCharSequence(Long.toString(version), StandardCharsets.US_ASCII);
        out.writeBytes(TAIL);
        return BufferInternal.buffer(out);
    }
}
