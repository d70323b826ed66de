package com.fyvault.federation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keys over HTTPS (OpenID Connect Discovery 1.0): a document of 64 KiB within 5 seconds, from an address that may be asked,
 * without following redirects. The name is resolved once and the connection goes to the address that was checked; the
 * certificate is that of the name.
 */
public final class HttpKeyFetch implements KeyFetch {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final int MOST_AT_ONCE = 64;
    private static final int OK = 200;
    private static final Duration USUAL_AGE = Duration.ofMinutes(5);

    private final Outward outward;
    private final OutwardClient client;
    private final AtomicInteger running = new AtomicInteger();

    /** A fetch that failed; the text is for the log and names no address. */
    private static final class Unfetched extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unfetched(String why) {
            super(why, null, false, false);
        }
    }

    private record Document(ObjectNode json, Duration maxAge) {}

    public HttpKeyFetch(Vertx vertx, Outward outward) {
        this.outward = outward;
        this.client = new OutwardClient(vertx, outward, LIMIT);
    }

    @Override
    public Future<Fetched> fetch(KeySource source) {
        return bounded(() -> guarded(source));
    }

    /** Any other document of one JSON object, within the same bounds. */
    public Future<ObjectNode> document(String url) {
        return bounded(() -> get(url).map(Document::json));
    }

    private <T> Future<T> bounded(Supplier<Future<T>> work) {
        if (running.incrementAndGet() > MOST_AT_ONCE) {
            running.decrementAndGet();
            return Future.failedFuture(new NotSent());
        }
        return work.get()
                .timeout(LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                .onComplete(done -> running.decrementAndGet());
    }

    private Future<Fetched> guarded(KeySource source) {
        return switch (source) {
            case KeySource.Discovery discovery -> discovered(discovery.issuer()).compose(this::keys);
            case KeySource.Url url -> keys(url.url());
            case KeySource.Inline inline -> Future.failedFuture(new Unfetched("inline keys are not fetched"));
        };
    }

    private Future<Fetched> keys(String url) {
        return get(url).map(document -> {
            @Nullable KeySet keys = KeySet.parse(document.json());
            if (keys == null) {
                throw new Unfetched("no usable key in the set");
            }
            return new Fetched(keys, document.maxAge());
        });
    }

    /** The address of the keys, from the document of exactly this issuer. */
    private Future<String> discovered(String issuer) {
        String root = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
        return get(root + "/.well-known/openid-configuration").map(document -> {
            @Nullable String named = document.json().path("issuer").textValue();
            @Nullable String url = document.json().path("jwks_uri").textValue();
            if (!issuer.equals(named) || url == null) {
                throw new Unfetched("the discovery document is of another issuer or names no keys");
            }
            return url;
        });
    }

    private Future<Document> get(String url) {
        @Nullable URI target = outward.target(url);
        if (target == null) {
            return Future.failedFuture(new Unfetched("the address is not one that is asked"));
        }
        return client.request(HttpMethod.GET, target)
                .compose(request -> request.putHeader(HttpHeaders.ACCEPT, "application/json")
                        .send()
                        .compose(response -> read(request, response)));
    }

    private static Future<Document> read(HttpClientRequest request, HttpClientResponse response) {
        Promise<Buffer> body = Promise.promise();
        response.exceptionHandler(body::tryFail);
        if (response.statusCode() != OK) {
            var _ = request.reset();
            return Future.failedFuture(new Unfetched("the issuer answered with " + response.statusCode()));
        }
        Buffer gathered = Buffer.buffer();
        response.handler(chunk -> {
            if (gathered.length() + chunk.length() > KeySet.LARGEST) {
                var _ = body.tryFail(new Unfetched("the document is too large"));
                var _ = request.reset();
            } else {
                gathered.appendBuffer(chunk);
            }
        });
        response.endHandler(end -> body.tryComplete(gathered));
        return body.future().map(bytes -> {
            @Nullable ObjectNode json = StrictJson.object(bytes.getBytes());
            if (json == null) {
                throw new Unfetched("the document is not one JSON object");
            }
            return new Document(json, maxAge(response.getHeader(HttpHeaders.CACHE_CONTROL)));
        });
    }

    /** The {@code max-age} of a Cache-Control header (RFC 9111); a short one where it says none. */
    private static Duration maxAge(@Nullable String header) {
        for (String part : header == null ? new String[0] : header.split(",", 16)) {
            String directive = part.strip();
            String digits = directive.regionMatches(true, 0, "max-age=", 0, 8) ? directive.substring(8) : "";
            if (!digits.isEmpty() && digits.length() <= 9 && digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
                return Duration.ofSeconds(Long.parseLong(digits));
            }
        }
        return USUAL_AGE;
    }
}
