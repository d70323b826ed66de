package com.fyvault.federation;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.internal.VertxInternal;
import java.net.URI;
import java.time.Duration;

/**
 * Requests to where somebody else has said. The name is resolved once, the address is checked, and the connection goes to
 * that address; the certificate is that of the name. Redirects are not followed, and no connection is kept for another try.
 */
public final class OutwardClient {
    /** Callers bound what they ask at once; who is slow there must not hold up others that are at the same host. */
    private static final int MOST_AT_A_HOST = 1_024;

    private final Vertx vertx;
    private final Outward outward;
    private final Duration limit;
    private final HttpClient client;

    /** The address is not one that this server may connect to; the text names none. */
    public static final class NotAllowed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotAllowed() {
            super("address not allowed", null, false, false);
        }
    }

    /** @param limit of each wait, and of a request */
    public OutwardClient(Vertx vertx, Outward outward, Duration limit) {
        this.vertx = vertx;
        this.outward = outward;
        this.limit = limit;
        this.client = vertx.createHttpClient(
                new HttpClientOptions()
                        .setKeepAlive(false)
                        .setVerifyHost(true)
                        .setTrustAll(false)
                        .setConnectTimeout((int) limit.toMillis())
                        .setMaxHeaderSize(16 * 1_024)
                        .setDecompressionSupported(false),
                new PoolOptions().setHttp1MaxSize(MOST_AT_A_HOST));
    }

    /** A request that can be sent; the caller bounds the whole. */
    public Future<HttpClientRequest> request(HttpMethod method, URI target) {
        String host = target.getHost().replaceAll("[\\[\\]]", "");
        return ((VertxInternal) vertx).nameResolver().resolve(host).compose(address -> {
            if (!outward.allows(address)) {
                return Future.failedFuture(new NotAllowed());
            }
            return client.request(
                    Outward.request(target, host, address).setMethod(method).setTimeout(limit.toMillis()));
        });
    }
}
