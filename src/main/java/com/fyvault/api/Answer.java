package com.fyvault.api;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a request is answered with.
 *
 * @param status the HTTP status
 * @param data what stands under {@code data}: an object, a list or null
 * @param etag the entity tag with its quotes, or null
 * @param body a body rendered by the feature itself, for values; {@code data} is then ignored
 * @param replay what an Idempotency-Key may store and send again in place of {@code data}; null for the same
 * @param taken sends the answer itself, once the frame would; all else but the status is then ignored
 * @param nextCursor where a list goes on, sent as X-Next-Cursor because {@code data} is the bare list; null at its end
 */
public record Answer(
        int status,
        @Nullable Object data,
        @Nullable String etag,
        @Nullable Buffer body,
        @Nullable JsonObject replay,
        @Nullable String nextCursor,
        @Nullable Consumer<HttpServerRequest> taken) {

    /** An answer that is no page of a list. */
    public Answer(
            int status,
            @Nullable Object data,
            @Nullable String etag,
            @Nullable Buffer body,
            @Nullable JsonObject replay) {
        this(status, data, etag, body, replay, null, null);
    }

    public static Answer ok(JsonObject data) {
        return new Answer(200, data, null, null, null);
    }

    public static Answer ok(JsonArray data) {
        return new Answer(200, data, null, null, null);
    }

    /** Success with nothing to say; the clients need a body all the same. */
    public static Answer done() {
        return new Answer(200, null, null, null, null);
    }

    public static Answer created(JsonObject data) {
        return new Answer(201, data, null, null, null);
    }

    /** A body that the feature has rendered. */
    public static Answer rendered(Buffer body) {
        return new Answer(200, null, null, body, null);
    }

    /** An answer that goes on after its head: whoever takes it sends it. */
    public static Answer taken(Consumer<HttpServerRequest> taker) {
        return new Answer(200, null, null, null, null, null, taker);
    }

    /** The caller has what it asks for. */
    public static Answer unchanged(String tag) {
        return new Answer(304, null, tag, Buffer.buffer(), null);
    }

    public Answer withEtag(String tag) {
        return new Answer(status, data, tag, body, replay, nextCursor, taken);
    }

    /** Keeps a one-time secret out of the replay store: a repeated request gets this instead. */
    public Answer replayedAs(JsonObject shown) {
        return new Answer(status, data, etag, body, shown, nextCursor, taken);
    }

    /** Says where the list goes on; null for its end. */
    public Answer withNextCursor(@Nullable String cursor) {
        return new Answer(status, data, etag, body, replay, cursor, taken);
    }

    /** The envelope around {@code data}. */
    public Buffer toBuffer() {
        if (body != null) {
            return body;
        }
        return new JsonObject().put("success", true).put("data", data).toBuffer();
    }

    /** The envelope that a repeated request gets. */
    String toReplay() {
        return new JsonObject()
                .put("success", true)
                .put("data", replay == null ? data : replay)
                .encode();
    }
}
