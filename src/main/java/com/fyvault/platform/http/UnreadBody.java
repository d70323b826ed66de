package com.fyvault.platform.http;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The end of a request that was answered before its body was read. What still comes is taken and
 * dropped for a moment, so that the client can finish sending and see the answer, and then the
 * connection is closed (RFC 9112, 9.6). Without it a client that sends first and reads later waits
 * for its own time-out.
 */
final class UnreadBody {
    private static final long MOST_BYTES = 64L * 1024 * 1024;
    private static final long MOST_MILLIS = 2_000;

    private UnreadBody() {}

    static void drop(HttpServerRequest request) {
        AtomicLong dropped = new AtomicLong();
        try {
            request.exceptionHandler(gone -> ErrorExit.clientGone());
            request.handler(chunk -> {
                if (dropped.addAndGet(chunk.length()) > MOST_BYTES) {
                    close(request);
                }
            });
            request.endHandler(end -> close(request));
            request.resume();
        } catch (IllegalStateException readMeanwhile) {
            close(request);
            return;
        }
        @Nullable Context context = Vertx.currentContext();
        if (context == null) {
            close(request);
        } else {
            context.owner().setTimer(MOST_MILLIS, late -> close(request));
        }
    }

    private static void close(HttpServerRequest request) {
        request.connection().close().onFailure(already -> ErrorExit.clientGone());
    }
}
