package com.fyvault.webhooks;

import com.fyvault.crypto.WebhookKey;
import com.fyvault.federation.Outward;
import com.fyvault.federation.OutwardClient;
import com.fyvault.providers.WebhookSecrets;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a try: a signed POST. Of the answer only the status is read. */
final class Sender {
    private static final Logger LOG = LoggerFactory.getLogger(Sender.class);
    private static final int OK = 200;
    private static final int REDIRECT = 300;

    private final OutwardClient client;
    private final Outward outward;
    private final WebhookSecrets secrets;
    private final Clock clock;
    private final Duration timeout;

    Sender(OutwardClient client, Outward outward, WebhookSecrets secrets, Clock clock, Duration timeout) {
        this.client = client;
        this.outward = outward;
        this.secrets = secrets;
        this.clock = clock;
        this.timeout = timeout;
    }

    /** How the try has ended; never fails. */
    Future<DeliveryStore.Outcome> send(DeliveryStore.Due due) {
        @Nullable URI target = outward.target(due.url());
        if (!due.genuine() || target == null) {
            LOG.atError().addKeyValue("webhookId", due.webhookId()).log("alarm: a webhook with a wrong seal");
            return Future.succeededFuture(new DeliveryStore.Outcome(null, "refused: the row was altered"));
        }
        return Future.succeededFuture()
                .compose(go -> signature(due))
                .compose(signed ->
                        client.request(HttpMethod.POST, target).compose(request -> post(request, due, signed)))
                .timeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .transform(done -> Future.succeededFuture(
                        done.succeeded()
                                ? outcome(done.result())
                                : new DeliveryStore.Outcome(null, kind(done.cause()))));
    }

    private record Signed(String seconds, String signatures) {}

    /** By the present secret, and for a while by the one before. */
    private Future<Signed> signature(DeliveryStore.Due due) {
        List<Future<WebhookKey>> keys = new ArrayList<>();
        keys.add(secrets.open(due.orgId(), due.webhookId(), due.secret()));
        byte @Nullable [] earlier = due.earlierSecret();
        if (earlier != null) {
            keys.add(secrets.open(due.orgId(), due.webhookId(), earlier));
        }
        return Future.all(keys).map(opened -> {
            long now = clock.instant().getEpochSecond();
            byte[] body = due.payload().getBytes(StandardCharsets.UTF_8);
            List<String> signatures = keys.stream()
                    .map(key -> key.result().sign(due.eventId().toString(), now, body))
                    .toList();
            return new Signed(Long.toString(now), String.join(" ", signatures));
        });
    }

    private static Future<Integer> post(HttpClientRequest request, DeliveryStore.Due due, Signed signed) {
        return request.putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .putHeader(HttpHeaders.USER_AGENT, "fyvault")
                .putHeader("webhook-id", due.eventId().toString())
                .putHeader("webhook-timestamp", signed.seconds())
                .putHeader("webhook-signature", signed.signatures())
                .send(Buffer.buffer(due.payload()))
                .map(response -> {
                    // Nothing more of the answer is of interest, however long it is; that it ends here is no failure.
                    response.exceptionHandler(ended -> {});
                    var _ = request.reset();
                    return response.statusCode();
                });
    }

    private static DeliveryStore.Outcome outcome(int status) {
        boolean good = status >= OK && status < REDIRECT;
        return new DeliveryStore.Outcome(status, good ? null : "HTTP " + status);
    }

    /** What kind of failure it was, without anybody's words. */
    private static String kind(Throwable failure) {
        return switch (failure) {
            case OutwardClient.NotAllowed refused -> "address not allowed";
            case TimeoutException late -> "no answer in time";
            case java.net.UnknownHostException unknown -> "host not found";
            case javax.net.ssl.SSLException tls -> "TLS refused";
            case java.io.IOException io -> "not connected";
            default -> failure.getClass().getSimpleName();
        };
    }
}
