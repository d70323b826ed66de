package com.fyvault.support;

import com.fyvault.platform.CanIgnoreReturnValue;
import com.fyvault.platform.config.Config;
import com.fyvault.platform.config.RedisSettings;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import redis.embedded.RedisServer;

/**
 * A real Redis. {@link #shared} is one server a JVM, in which each test has a prefix of its own: embedded,
 * unless FYVAULT_TEST_REDIS_URL is the address of one elsewhere. {@link #own} is one that a test may kill
 * and flush.
 */
public final class TestRedis implements AutoCloseable {
    private static final AtomicInteger NUMBERS = new AtomicInteger();
    private static @Nullable TestRedis shared;

    private final String host;
    private final int port;
    private @Nullable RedisServer server;

    private TestRedis(String host, int port) {
        this.host = host;
        this.port = port;
    }

    /** The server that tests share; it stops with the JVM. */
    public static synchronized TestRedis shared() {
        if (shared == null) {
            @Nullable String url = System.getenv("FYVAULT_TEST_REDIS_URL");
            if (url == null) {
                TestRedis started = own();
                Runtime.getRuntime().addShutdownHook(new Thread(started::close, "test-redis-stop"));
                shared = started;
            } else {
                URI uri = URI.create(url);
                shared = new TestRedis(uri.getHost(), uri.getPort() < 0 ? 6379 : uri.getPort());
            }
        }
        return shared;
    }

    /** An embedded server of the test's own, empty. */
    public static TestRedis own() {
        TestRedis redis = new TestRedis("127.0.0.1", freePort());
        redis.start();
        return redis;
    }

    /** Starts it again, with nothing in it, after {@link #close}. */
    public void start() {
        try {
            Path parent = Files.createDirectories(Figures.target().resolve("test-redis"));
            Path directory = Files.createTempDirectory(parent, "run").toAbsolutePath();
            server = RedisServer.newRedisServer()
                    .port(port)
                    .bind(host)
                    .setting("dir " + directory)
                    .setting("save \"\"")
                    .setting("daemonize no")
                    .build();
            server.start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    public int port() {
        return port;
    }

    /** Settings of a server that uses it, with keys that no other test has. */
    public Map<String, String> settings() {
        Map<String, String> values = new HashMap<>();
        values.put("redis.url", "redis://" + host + ":" + port);
        values.put("redis.prefix", "t" + ProcessHandle.current().pid() + "-" + NUMBERS.incrementAndGet());
        return values;
    }

    /** The same for a test that counts what comes from Redis: a machine that is starved of time is waited for. */
    public Map<String, String> patientSettings() {
        Map<String, String> values = settings();
        values.put("redis.call.timeout.millis", "1000");
        values.put("redis.decisions.wait.millis", "1000");
        return values;
    }

    /** The same through a proxy, as the record. */
    public static RedisSettings parsed(Map<String, String> settings, int throughPort) {
        Map<String, String> values = new HashMap<>(settings);
        values.put("redis.url", "redis://127.0.0.1:" + throughPort);
        return RedisSettings.from(Config.of(values));
    }

    /** Sends one command past everything. */
    @CanIgnoreReturnValue
    public @Nullable Response command(io.vertx.core.Vertx vertx, Command command, String... arguments) {
        Redis client =
                Redis.createClient(vertx, new RedisOptions().setConnectionString("redis://" + host + ":" + port));
        Request request = Request.cmd(command);
        for (String argument : arguments) {
            request = request.arg(argument);
        }
        try {
            return TestServer.await(client.send(request));
        } finally {
            TestServer.await(client.close());
        }
    }

    /** Stops it, as a crash would: what it holds is gone. */
    @Override
    public void close() {
        try {
            if (server != null) {
                server.stop();
                server = null;
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
