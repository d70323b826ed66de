package com.fyvault.cli;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The API as anybody calls it, for one organization and with one key. Waits for each answer; any
 * thread may call. A 503 is tried again a few times, with the same Idempotency-Key, as it asks for.
 */
final class ApiClient implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int MOST_ATTEMPTS = 5;
    private static final int UNAVAILABLE = 503;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String org;
    private final String key;
    private final String origin = Long.toString(System.currentTimeMillis(), Character.MAX_RADIX);
    private final AtomicLong requests = new AtomicLong();

    ApiClient(int port, UUID orgId, String key) {
        this.org = "http://127.0.0.1:" + port + "/api/v1/orgs/" + orgId;
        this.key = key;
    }

    /** What is at a path below the organization. */
    JsonObject get(String path) throws IOException {
        return send("GET", path, HttpRequest.BodyPublishers.noBody()).getJsonObject("data");
    }

    /** The list at a path below the organization. */
    JsonArray list(String path) throws IOException {
        return send("GET", path, HttpRequest.BodyPublishers.noBody()).getJsonArray("data");
    }

    /** Makes what the body describes; what the server says of it. */
    JsonObject post(String path, JsonObject body) throws IOException {
        return send("POST", path, HttpRequest.BodyPublishers.ofString(body.encode()))
                .getJsonObject("data");
    }

    /** Changes what is at the path. */
    void patch(String path, JsonObject body) throws IOException {
        JsonObject done = send("PATCH", path, HttpRequest.BodyPublishers.ofString(body.encode()));
        if (!done.getBoolean("success", false)) {
            throw new CliError("PATCH " + path + " was not done");
        }
    }

    @Override
    public void close() {
        http.close();
    }

    private JsonObject send(String method, String path, HttpRequest.BodyPublisher body) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(org + path))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", origin + "-" + requests.incrementAndGet())
                .timeout(LIMIT)
                .method(method, body)
                .build();
        HttpResponse<String> answer = send(request);
        for (int attempt = 2; attempt <= MOST_ATTEMPTS && answer.statusCode() == UNAVAILABLE; attempt++) {
            pause(answer.headers().firstValueAsLong("retry-after").orElse(1));
            answer = send(request);
        }
        if (answer.statusCode() >= 300) {
            throw new CliError(method + " " + path + " was refused: " + answer.body());
        }
        return new JsonObject(answer.body());
    }

    private HttpResponse<String> send(HttpRequest request) throws IOException {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new CliError("interrupted", stop);
        }
    }

    private static void pause(long seconds) {
        try {
            Thread.sleep(Duration.ofSeconds(seconds));
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new CliError("interrupted", stop);
        }
    }
}
