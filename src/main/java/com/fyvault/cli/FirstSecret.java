package com.fyvault.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.UUID;

/** Stores secrets the way anybody does: over the API, with the key that was just made. */
final class FirstSecret {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final URI secrets;
    private final String key;

    FirstSecret(int port, UUID orgId, String key) {
        this.secrets = URI.create("http://127.0.0.1:" + port + "/api/v1/orgs/" + orgId + "/secrets");
        this.key = key;
    }

    void store(String name, String value) throws IOException {
        String body = "{\"name\":\"" + name + "\",\"secretType\":\"GENERIC\",\"value\":\"" + value + "\"}";
        HttpRequest request = HttpRequest.newBuilder(secrets)
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .timeout(LIMIT)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() >= 300) {
                throw new CliError("the first secret was refused: " + answer.body());
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new CliError("interrupted", stop);
        }
    }
}
