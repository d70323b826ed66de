package com.fyvault.platform.http;

import com.fyvault.platform.postgres.OutcomeUnknown;
import com.fyvault.platform.postgres.StoreFailure;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one exit of every error. Three kinds leave by it: a refusal (its code), an outage (503 with
 * Retry-After), and a bug (500, logged with its stack under the request's id, told to nobody).
 */
public final class ErrorExit {
    private static final Logger LOG = LoggerFactory.getLogger(ErrorExit.class);
    private static final CharSequence REQUEST_ID = HttpHeaders.createOptimized("x-request-id");
    private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
    private static final CharSequence PROBLEM = HttpHeaders.createOptimized("application/problem+json");
    private static final CharSequence ONE_SECOND = HttpHeaders.createOptimized("1");

    private static final LogPace OUTAGES = new LogPace(TimeUnit.MILLISECONDS.toNanos(100));

    private ErrorExit() {}

    /** Ends the request with the error; does nothing when the answer has begun or the client has gone. */
    public static void end(HttpServerRequest request, String requestId, Throwable failure) {
        HttpServerResponse response = request.response();
        if (response.ended() || response.closed() || response.headWritten()) {
            return;
        }
        Refusal refusal = refusalOf(failure, requestId);
        ErrorCode code = refusal.code();
        boolean problem = accepts(request, "application/problem+json");
        response.setStatusCode(code.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, problem ? PROBLEM : JSON)
                .putHeader(HttpHeaders.CACHE_CONTROL, NO_STORE)
                .putHeader(REQUEST_ID, requestId);
        if (code.status() == 503) {
            response.putHeader(HttpHeaders.RETRY_AFTER, ONE_SECOND);
        }
        refusal.headers().forEach((name, value) -> response.putHeader(name, value));
        if (code.status() == 401) {
            response.putHeader("www-authenticate", "Bearer realm=\"fyvault\"");
        }
        boolean unread = !request.isEnded();
        if (unread) {
            // The rest of the body will not be read, so this connection cannot carry another request.
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        JsonObject body = problem ? problem(refusal, requestId) : envelope(refusal, requestId);
        response.end(body.toBuffer()).onFailure(gone -> clientGone()).onSuccess(sent -> {
            if (unread) {
                UnreadBody.drop(request);
            }
        });
    }

    /** Tells the operator of something that no ordinary fault explains, such as a row changed by hand. */
    public static void alarm(UUID requestId, String what) {
        LOG.atError().addKeyValue("requestId", requestId).log("alarm: {}", what);
    }

    /** Notes an answer that nobody was there to take. */
    public static void clientGone() {
        LOG.debug("client gone before the answer");
    }

    /** The code that a failure is answered with. */
    public static ErrorCode codeOf(Throwable failure) {
        if (failure instanceof Refusal refusal) {
            return refusal.code();
        }
        if (failure instanceof OutcomeUnknown) {
            return ErrorCode.OUTCOME_UNKNOWN;
        }
        return StoreFailure.isOutage(failure) ? ErrorCode.STORE_UNAVAILABLE : ErrorCode.INTERNAL;
    }

    private static Refusal refusalOf(Throwable failure, String requestId) {
        if (failure instanceof Refusal refusal) {
            return refusal;
        }
        ErrorCode code = codeOf(failure);
        if (code == ErrorCode.INTERNAL) {
            LOG.atError()
                    .addKeyValue("requestId", requestId)
                    .addKeyValue("failure", StoreFailure.describe(failure))
                    .setCause(StoreFailure.scrub(failure))
                    .log("request failed");
        } else {
            long unsaid = OUTAGES.next();
            if (unsaid != LogPace.UNSAID) {
                LOG.atWarn()
                        .addKeyValue("requestId", requestId)
                        .addKeyValue("failure", StoreFailure.describe(failure))
                        .addKeyValue("others", unsaid)
                        .log("store unavailable");
            }
        }
        return Refusal.of(code);
    }

    private static JsonObject envelope(Refusal refusal, String requestId) {
        return new JsonObject()
                .put("success", false)
                .put("error", refusal.publicText())
                .put("code", refusal.code().name())
                .put("requestId", requestId);
    }

    /** RFC 9457, for clients that ask for it. */
    private static JsonObject problem(Refusal refusal, String requestId) {
        return envelope(refusal, requestId)
                .put("type", "about:blank")
                .put("title", refusal.code().text())
                .put("status", refusal.code().status())
                .put("detail", refusal.publicText());
    }

    private static boolean accepts(HttpServerRequest request, String type) {
        @Nullable String accept = request.getHeader(HttpHeaders.ACCEPT);
        return accept != null && accept.contains(type);
    }
}
