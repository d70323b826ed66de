package com.fyvault.support;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * As much of a browser as cookies need: it keeps what it is given, sends it back to the same server, and says where a
 * request comes from. Paths go below {@code /api/v1}.
 */
public final class Browser {
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final String root;
    private final Map<String, String> cookies = new LinkedHashMap<>();

    public Browser(TestServer server) {
        this(server.url());
    }

    /** @param root of the server, without a path */
    public Browser(String root) {
        this.root = root;
    }

    /** Asks as a page of the server's own does. */
    public Api.Answer ask(String method, String path, @Nullable JsonObject body) {
        return send(
                method,
                path,
                body == null ? null : body.encode(),
                "content-type",
                "application/json",
                "sec-fetch-site",
                "same-origin",
                "sec-fetch-mode",
                "cors",
                "origin",
                root);
    }

    /** Sends with its cookies and these headers, which come in pairs, and no others. */
    public Api.Answer send(String method, String path, @Nullable String body, String... headers) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(root + "/api/v1" + path))
                .timeout(LIMIT)
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (!cookies.isEmpty()) {
            builder.header(
                    "cookie",
                    cookies.entrySet().stream()
                            .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                            .collect(Collectors.joining("; ")));
        }
        for (int i = 0; i + 1 < headers.length; i += 2) {
            builder.header(headers[i], headers[i + 1]);
        }
        try {
            HttpResponse<String> response = CLIENT.send(builder.build(), HttpResponse.BodyHandlers.ofString());
            response.headers().allValues("set-cookie").forEach(this::keep);
            return new Api.Answer(response.statusCode(), response);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stop);
        }
    }

    /** The value of a cookie, or null. */
    public @Nullable String cookie(String name) {
        return cookies.get(name);
    }

    /** Puts a cookie there that the server did not send. */
    public void plant(String name, String value) {
        cookies.put(name, value);
    }

    public void forget(String name) {
        String _ = cookies.remove(name);
    }

    private void keep(String header) {
        String[] parts = header.split(";", -1);
        String[] pair = parts[0].split("=", 2);
        boolean over = header.toLowerCase(Locale.ROOT).contains("max-age=0");
        if (over) {
            forget(pair[0]);
        } else {
            cookies.put(pair[0], pair[1]);
        }
    }
}
