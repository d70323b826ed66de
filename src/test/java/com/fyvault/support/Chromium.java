package com.fyvault.support;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A real browser without a window, and without anything of an earlier one. It is told what to do over its DevTools
 * protocol: JSON over the JDK's own WebSocket, so that the tests need no driver and no further library. Names that end
 * in {@code .localhost} and {@code .example} lead it to this machine.
 */
public final class Chromium implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/usr/bin/chromium");
    private static final Duration START = Duration.ofSeconds(60);
    private static final long LIMIT_SECONDS = 30;
    private static final long LOOK_NANOS = 20_000_000;

    private final Process process;
    private final Path profile;
    private final WebSocket socket;
    private final Map<Integer, CompletableFuture<JsonObject>> asked;
    private final AtomicInteger count = new AtomicInteger();

    private Chromium(Process process, Path profile, WebSocket socket, Incoming incoming) {
        this.process = process;
        this.profile = profile;
        this.socket = socket;
        this.asked = incoming.asked;
    }

    /** True where there is one to start. */
    public static boolean isThere() {
        return Files.isExecutable(PROGRAM);
    }

    /** True in the lane of the long tests, where there is one to start. */
    public static boolean isWanted() {
        return Lane.isFull() && isThere();
    }

    public static Chromium start() {
        try {
            Path profile = Files.createTempDirectory("fyvault-chromium");
            // Cookies of other sites as they are by default; visitors of this protocol would not have them otherwise.
            Files.writeString(
                    Files.createDirectory(profile.resolve("Default")).resolve("Preferences"),
                    "{\"profile\":{\"cookie_controls_mode\":0}}");
            List<String> command = new ArrayList<>(List.of(
                    PROGRAM.toString(),
                    "--headless",
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-quic",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                    "--disable-popup-blocking",
                    "--host-resolver-rules=MAP *.example 127.0.0.1",
                    "--remote-debugging-port=0",
                    "--user-data-dir=" + profile,
                    "about:blank"));
            Process process = new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            Incoming incoming = new Incoming();
            WebSocket socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .connectTimeout(START)
                    .buildAsync(address(process, profile.resolve("DevToolsActivePort")), incoming)
                    .join();
            return new Chromium(process, profile, socket, incoming);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Where it listens, which it writes into its profile: the port, and the path. */
    private static URI address(Process process, Path file) throws IOException {
        long end = System.nanoTime() + START.toNanos();
        while (process.isAlive() && System.nanoTime() < end) {
            if (Files.exists(file)) {
                List<String> lines = Files.readAllLines(file);
                if (lines.size() > 1) {
                    return URI.create("ws://127.0.0.1:" + lines.get(0) + lines.get(1));
                }
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        process.destroyForcibly();
        throw new IllegalStateException("Chromium did not start");
    }

    /** A tab of a visitor who has been nowhere yet: with cookies, storage and caches of their own. */
    public Tab visitor() {
        String visitor =
                ask("", "Target.createBrowserContext", new JsonObject()).getString("browserContextId");
        return new Tab(this, visitor);
    }

    /** The result of a command, to a session or to the browser as a whole. */
    JsonObject ask(String session, String method, JsonObject parameters) {
        int id = count.incrementAndGet();
        JsonObject message =
                new JsonObject().put("id", id).put("method", method).put("params", parameters);
        if (!session.isEmpty()) {
            message.put("sessionId", session);
        }
        CompletableFuture<JsonObject> answer = new CompletableFuture<>();
        asked.put(id, answer);
        try {
            // One at a time: the JDK's socket takes no second message while it sends one.
            synchronized (socket) {
                var _ = socket.sendText(message.encode(), true).get(LIMIT_SECONDS, TimeUnit.SECONDS);
            }
            JsonObject done = answer.get(LIMIT_SECONDS, TimeUnit.SECONDS);
            if (done.containsKey("error")) {
                throw new Failed(method + ": " + done.getJsonObject("error").getString("message"));
            }
            return done.getJsonObject("result");
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stop);
        } catch (ExecutionException | TimeoutException failure) {
            throw new IllegalStateException(method, failure);
        }
    }

    /** What the browser answered in place of a result. */
    static final class Failed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Failed(String message) {
            super(message);
        }
    }

    @Override
    public void close() {
        socket.abort();
        process.destroy();
        try {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().onExit().join();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        try (Stream<Path> files = Files.walk(profile)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                var _ = file.toFile().delete();
            });
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** What the browser says: answers by the number of what was asked, and events, which nobody here needs. */
    private static final class Incoming implements WebSocket.Listener {
        private final Map<Integer, CompletableFuture<JsonObject>> asked = new ConcurrentHashMap<>();
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                JsonObject message = new JsonObject(text.toString());
                text.setLength(0);
                CompletableFuture<JsonObject> waiting =
                        message.containsKey("id") ? asked.remove(message.getInteger("id")) : null;
                if (waiting != null) {
                    waiting.complete(message);
                }
            }
            from.request(1);
            return CompletableFuture.completedFuture(null);
        }
    }
}
