package com.fyvault.support;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A client of one organization with one token, over real sockets. Paths start with {@code /} and go
 * below the organization, or with {@code //} and go below the server's root.
 */
public final class Api {
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final String root;
    private final String org;
    private final @Nullable String token;

    /** An answer, its body read to the end. */
    public record Answer(int status, HttpResponse<String> response) {
        public String text() {
            return response.body();
        }

        public JsonObject json() {
            return new JsonObject(text());
        }

        /** The object under {@code data}. */
        public JsonObject data() {
            return json().getJsonObject("data");
        }

        /** The list under {@code data}. */
        public JsonArray list() {
            return json().getJsonArray("data");
        }

        /** The machine's word for the error. */
        public String code() {
            return json().getString("code");
        }

        public String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        public String requestId() {
            return header("x-request-id");
        }

        public String etag() {
            return header("etag");
        }
    }

    Api(String root, String org, @Nullable String token) {
        this.root = root;
        this.org = org;
        this.token = token;
    }

    /** The same client with another token; null for none. */
    public Api as(@Nullable String otherToken) {
        return new Api(root, org, otherToken);
    }

    /** The same client in another organization. */
    public Api in(String otherOrg) {
        return new Api(root, otherOrg, token);
    }

    /** The same client at another node. */
    public Api at(String otherRoot) {
        return new Api(otherRoot, org, token);
    }

    public Answer get(String path, String... headers) {
        return send("GET", path, null, headers);
    }

    public Answer post(String path, JsonObject body, String... headers) {
        return send("POST", path, body.encode(), headers);
    }

    public Answer patch(String path, JsonObject body, String... headers) {
        return send("PATCH", path, body.encode(), headers);
    }

    public Answer delete(String path, String... headers) {
        return send("DELETE", path, null, headers);
    }

    /** The plain text of a secret's value; fails when it is not answered with 200. */
    public String value(String name) {
        Answer answer = get("/secrets/by-name/" + name + "/value");
        if (answer.status() != 200) {
            throw new AssertionError(answer.status() + " " + answer.text());
        }
        return answer.data().getString("value");
    }

    /** Sends and waits. Headers come in pairs. */
    public Answer send(String method, String path, @Nullable String body, String... headers) {
        try {
            return answer(CLIENT.send(request(method, path, body, headers), HttpResponse.BodyHandlers.ofString()));
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stop);
        }
    }

    /** Sends without waiting. */
    public CompletableFuture<Answer> sendLater(String method, String path, @Nullable String body, String... headers) {
        return CLIENT.sendAsync(request(method, path, body, headers), HttpResponse.BodyHandlers.ofString())
                .thenApply(Api::answer);
    }

    private HttpRequest request(String method, String path, @Nullable String body, String... headers) {
        String url = path.startsWith("//") ? root + path.substring(1) : root + "/api/v1/orgs/" + org + path;
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(url))
                .timeout(LIMIT)
                .header("Content-Type", "application/json")
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (token != null) {
            builder.header("Authorization", "Bearer " + token);
        }
        for (int i = 0; i + 1 < headers.length; i += 2) {
            builder.header(headers[i], headers[i + 1]);
        }
        return builder.build();
    }

    private static Answer answer(HttpResponse<String> response) {
        return new Answer(response.statusCode(), response);
    }
}
