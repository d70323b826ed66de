package com.fyvault.support;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A client of a stream of events, which reads it as the standard says (WHATWG HTML 9.2.6). */
public final class Listener implements AutoCloseable {
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final HttpResponse<java.io.InputStream> response;
    private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
    private final List<String> comments = new ArrayList<>();
    private final CompletableFuture<Void> over = new CompletableFuture<>();

    /** An event as it came in, and when, as {@link System#nanoTime()} counts. */
    public record Heard(String id, String type, JsonObject data, long nanos) {}

    private Listener(HttpResponse<java.io.InputStream> response) {
        this.response = response;
    }

    /** Opens a stream of the organization at a node; headers come in pairs. */
    public static Listener open(TestServer node, String token, String query, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(node.url() + "/api/v1/orgs/" + node.orgId() + "/events" + query))
                .header("Authorization", "Bearer " + token);
        for (int i = 0; i + 1 < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        try {
            Listener listener = new Listener(CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofInputStream()));
            var _ = Thread.ofVirtual().start(listener::read);
            return listener;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stop);
        }
    }

    public int status() {
        return response.statusCode();
    }

    public String header(String name) {
        return response.headers().firstValue(name).orElse("");
    }

    /** The next event; null when none comes in time. */
    public @Nullable Heard next(long millis) throws InterruptedException {
        return heard.poll(millis, TimeUnit.MILLISECONDS);
    }

    /** The next event of a type; fails when none comes within ten seconds. */
    public Heard await(String type) throws InterruptedException {
        for (Heard next = next(10_000); next != null; next = next(10_000)) {
            if (next.type().equals(type)) {
                return next;
            }
        }
        throw new AssertionError("no " + type);
    }

    /** Waits for the end of the stream; false when it goes on. */
    public boolean ends(long millis) throws InterruptedException {
        try {
            over.get(millis, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException goesOn) {
            return false;
        } catch (java.util.concurrent.ExecutionException broken) {
            return true;
        }
    }

    public List<String> comments() {
        synchronized (comments) {
            return List.copyOf(comments);
        }
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            String id = "";
            String type = "";
            StringBuilder data = new StringBuilder();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isEmpty()) {
                    if (!data.isEmpty()) {
                        heard.add(new Heard(id, type, new JsonObject(data.toString()), System.nanoTime()));
                    }
                    type = "";
                    data.setLength(0);
                } else if (line.startsWith(":")) {
                    synchronized (comments) {
                        comments.add(line.substring(1).strip());
                    }
                } else if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("event: ")) {
                    type = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    data.append(line.substring(6));
                }
            }
            over.complete(null);
        } catch (IOException cut) {
            over.completeExceptionally(cut);
        }
    }

    @Override
    public void close() {
        try {
            response.body().close();
        } catch (IOException alsoGone) {
            throw new UncheckedIOException(alsoGone);
        }
    }
}
