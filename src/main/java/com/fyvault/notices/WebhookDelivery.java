package com.fyvault.notices;

import com.fyvault.crypto.WebhookKey;
import com.fyvault.federation.Outward;
import com.fyvault.federation.OutwardClient;
import com.fyvault.platform.config.ConfigError;
import com.fyvault.platform.config.WebhookSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Notices to the operator's webhook (Standard Webhooks 1.0): a POST that is signed, and that has the same
 * {@code webhook-id} at each try. The name is resolved at each try and the connection goes to the address that was
 * checked; redirects are not followed, and of the answer only the status is read.
 */
public final class WebhookDelivery implements Delivery {
    private static final int OK = 200;
    private static final int REDIRECT = 300;

    private final WebhookSettings settings;
    private final Clock clock;
    private final OutwardClient client;
    private final URI target;
    private final WebhookKey key;

    /** A try that failed; the text names no address. */
    private static final class Undelivered extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final String why;

        Undelivered(String why) {
            super(why, null, false, false);
            this.why = why;
        }
    }

    public WebhookDelivery(Vertx vertx, WebhookSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
        Outward outward = new Outward(settings.privateRanges(), settings.loopback());
        @Nullable URI named = outward.target(settings.url());
        if (named == null) {
            throw new ConfigError("notices.webhook.url must be https with a host and nothing but a path behind it");
        }
        this.target = named;
        @Nullable WebhookKey parsed = WebhookKey.parse(String.valueOf(settings.secret()));
        if (parsed == null) {
            throw new ConfigError("notices.webhook.secret must be whsec_ and 24 to 64 bytes in base64");
        }
        this.key = parsed;
        this.client = new OutwardClient(vertx, outward, settings.timeout());
    }

    @Override
    public Channel channel() {
        return Channel.WEBHOOK;
    }

    @Override
    public Future<Void> send(Notice notice) {
        return client.request(HttpMethod.POST, target)
                .compose(request -> post(request, notice))
                .timeout(settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public String kind(Throwable failure) {
        if (failure instanceof OutwardClient.NotAllowed) {
            return "address not allowed";
        }
        return failure instanceof Undelivered known ? known.why : Delivery.super.kind(failure);
    }

    private Future<Void> post(HttpClientRequest request, Notice notice) {
        Buffer body = body(notice).toBuffer();
        String id = notice.id().toString();
        long now = clock.instant().getEpochSecond();
        return request.putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .putHeader(HttpHeaders.USER_AGENT, "fyvault")
                .putHeader("webhook-id", id)
                .putHeader("webhook-timestamp", Long.toString(now))
                .putHeader("webhook-signature", key.sign(id, now, body.getBytes()))
                .send(body)
                .compose(response -> judged(request, response));
    }

    private static Future<Void> judged(HttpClientRequest request, HttpClientResponse response) {
        int status = response.statusCode();
        // Nothing more of the answer is of interest, however long it is; that it ends here is no failure.
        response.exceptionHandler(ended -> {});
        var _ = request.reset();
        return status >= OK && status < REDIRECT
                ? Future.succeededFuture()
                : Future.failedFuture(new Undelivered("HTTP " + status));
    }

    private static JsonObject body(Notice notice) {
        JsonObject data = new JsonObject()
                .put("orgId", notice.orgId().toString())
                .put("recipients", new JsonArray(notice.recipients()))
                .mergeIn(notice.payload());
        return new JsonObject()
                .put("type", notice.kind())
                .put("timestamp", notice.createdAt().toString())
                .put("data", data);
    }
}
