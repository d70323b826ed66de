package com.fyvault.platform.health;

import com.fyvault.platform.config.HttpSettings;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Health and metrics, on a port of their own: the only answers that leave no audit record. */
public final class ManagementVerticle extends VerticleBase {
    private static final int IDLE_SECONDS = 30;

    private final HttpSettings settings;
    private final PrometheusMeterRegistry metrics;
    private final Supplier<Future<JsonObject>> readiness;
    private final AtomicInteger port;

    /**
     * @param readiness fails or holds {@code "ready": false} when the node should get no requests
     * @param port told the port that was got
     */
    public ManagementVerticle(
            HttpSettings settings,
            PrometheusMeterRegistry metrics,
            Supplier<Future<JsonObject>> readiness,
            AtomicInteger port) {
        this.settings = settings;
        this.metrics = metrics;
        this.readiness = readiness;
        this.port = port;
    }

    @Override
    public Future<?> start() {
        HttpServer server = vertx.createHttpServer(new HttpServerOptions()
                .setHttp2ClearTextEnabled(false)
                .setIdleTimeout(IDLE_SECONDS)
                .setMaxInitialLineLength(1_024)
                .setMaxHeaderSize(8_192));
        return server.requestHandler(this::handle)
                .listen(settings.managementPort(), settings.managementHost())
                .onSuccess(listening -> port.set(listening.actualPort()));
    }

    private void handle(HttpServerRequest request) {
        switch (String.valueOf(request.path())) {
            case "/health/live" -> json(request, 200, new JsonObject().put("live", true));
            case "/health/ready" ->
                readiness
                        .get()
                        .recover(away -> Future.succeededFuture(new JsonObject().put("ready", false)))
                        .onSuccess(state -> json(request, state.getBoolean("ready", false) ? 200 : 503, state));
            case "/metrics" ->
                // The first one loads classes for longer than an event loop may stand still.
                vertx.executeBlocking(() -> metrics.scrape(), false)
                        .compose(text -> request.response()
                                .putHeader("content-type", "text/plain; version=0.0.4")
                                .end(text))
                        .onFailure(gone -> {});
            default -> json(request, 404, new JsonObject().put("success", false).put("error", "No such route"));
        }
    }

    private static void json(HttpServerRequest request, int status, JsonObject body) {
        request.response()
                .setStatusCode(status)
                .putHeader("content-type", "application/json")
                .putHeader("cache-control", "no-store")
                .end(body.toBuffer())
                .onFailure(gone -> {});
    }
}
