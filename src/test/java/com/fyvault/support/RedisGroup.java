package com.fyvault.support;

import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import redis.embedded.RedisSentinel;
import redis.embedded.RedisServer;
import redis.embedded.core.RedisServerBuilder;

/** Redis servers that belong together, each a process on loopback: a Sentinel set, a Cluster, one with TLS. */
public final class RedisGroup implements AutoCloseable {
    public static final String MASTER = "vault";

    private static final String HOST = "127.0.0.1";
    private static final int SENTINELS = 3;
    private static final int PRIMARIES = 3;
    private static final int SLOTS = 16_384;
    /** A Cluster talks among itself at the port that is so much higher. */
    private static final int BUS = 10_000;

    private static final int HIGHEST = 65_535;
    private static final long LOOK_NANOS = 20_000_000;
    private static final int MOST_LOOKS = 1_500;

    private final Vertx vertx = Vertx.vertx();
    private final List<redis.embedded.Redis> running = new ArrayList<>();
    private final List<Integer> ports = new ArrayList<>();
    private String url = "";

    private RedisGroup() {}

    /** A primary, a replica, and three Sentinels that notice within half a second. */
    public static RedisGroup sentinel() {
        RedisGroup group = new RedisGroup();
        int primary = freePort();
        int replica = freePort();
        group.serve(primary);
        group.serve(replica, "replicaof " + HOST + " " + primary);
        List<Integer> sentinels = new ArrayList<>();
        for (int i = 0; i < SENTINELS; i++) {
            int port = freePort();
            group.start(
                    RedisSentinel.newRedisSentinel()
                            .bind(HOST)
                            .port(port)
                            .masterName(MASTER)
                            .masterPort(primary)
                            .quorumSize(2)
                            .downAfterMilliseconds(500)
                            .failOverTimeout(2_000)
                            .parallelSyncs(1)
                            .build(),
                    port);
            sentinels.add(port);
        }
        group.url = urls("redis", sentinels);
        group.await(() -> sentinels.stream().allMatch(port -> group.isWatched(port)));
        return group;
    }

    /** Three primaries without replicas, and the slots shared out among them. */
    public static RedisGroup cluster() {
        RedisGroup group = new RedisGroup();
        for (int i = 0; i < PRIMARIES; i++) {
            int port = freePort();
            group.serve(port, "cluster-enabled yes", "cluster-node-timeout 1000");
        }
        for (int i = 0; i < PRIMARIES; i++) {
            int from = SLOTS * i / PRIMARIES;
            int to = SLOTS * (i + 1) / PRIMARIES;
            String slots = IntStream.range(from, to).mapToObj(Integer::toString).collect(Collectors.joining(" "));
            var _ = group.command(group.ports.get(i), "CLUSTER ADDSLOTS " + slots);
            var _ = group.command(group.ports.get(0), "CLUSTER MEET " + HOST + " " + group.ports.get(i));
        }
        group.url = urls("redis", group.ports);
        group.await(() -> group.ports.stream().allMatch(group::isWhole));
        return group;
    }

    /** One server that speaks TLS at its second port. */
    public static RedisGroup tls(TestCertificates.Issued certificate) {
        RedisGroup group = new RedisGroup();
        int port = freePort();
        group.serve(
                freePort(),
                "tls-port " + port,
                "tls-auth-clients no",
                "tls-cert-file " + certificate.certificate(),
                "tls-key-file " + certificate.key(),
                "tls-ca-cert-file " + certificate.certificate());
        group.url = urls("rediss", List.of(port));
        return group;
    }

    /** The addresses, and a prefix; the mode is the test's to add. */
    public Map<String, String> settings() {
        return Map.of("redis.url", url, "redis.prefix", "group");
    }

    /** The ports of its servers in the order of their start, the Sentinels last. */
    public List<Integer> ports() {
        return List.copyOf(ports);
    }

    /** Stops the server at the port. */
    public void stop(int port) {
        try {
            running.get(ports.indexOf(port)).stop();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Starts it again. */
    public void startAgain(int port) {
        try {
            running.get(ports.indexOf(port)).start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Sends a command, its words separated by blanks, to one server. */
    public @Nullable Response command(int port, String words) {
        Redis client = Redis.createClient(vertx, "redis://" + HOST + ":" + port);
        try {
            List<String> parts = List.of(words.split(" ", -1));
            Request request = Request.cmd(Command.create(parts.get(0)));
            for (String argument : parts.subList(1, parts.size())) {
                request = request.arg(argument);
            }
            return TestServer.await(client.send(request));
        } finally {
            TestServer.await(client.close());
        }
    }

    /** How many keys with this beginning a server holds. */
    public int keys(int port, String beginning) {
        @Nullable Response found = command(port, "KEYS " + beginning + "*");
        return found == null ? 0 : found.size();
    }

    /** Waits until it is so; fails after half a minute. */
    public void await(BooleanSupplier condition) {
        // Asked once a look: a condition that does something need not hold twice.
        for (int i = 0; i < MOST_LOOKS; i++) {
            if (condition.getAsBoolean()) {
                return;
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        throw new AssertionError("it did not come to be");
    }

    @Override
    public void close() {
        for (redis.embedded.Redis server : running.reversed()) {
            try {
                server.stop();
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
        TestServer.await(vertx.close());
    }

    private void serve(int port, String... settings) {
        try {
            Path parent = Files.createDirectories(Figures.target().resolve("test-redis"));
            Path directory = Files.createTempDirectory(parent, "group").toAbsolutePath();
            RedisServerBuilder builder = RedisServer.newRedisServer()
                    .port(port)
                    .bind(HOST)
                    .setting("dir " + directory)
                    .setting("save \"\"")
                    .setting("daemonize no");
            for (String setting : settings) {
                builder = builder.setting(setting);
            }
            start(builder.build(), port);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void start(redis.embedded.Redis server, int port) {
        try {
            server.start();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        running.add(server);
        ports.add(port);
    }

    /** True when this Sentinel knows the replica and the others. */
    private boolean isWatched(int sentinel) {
        String text = String.valueOf(command(sentinel, "INFO sentinel"));
        return text.contains("slaves=1") && text.contains("sentinels=" + SENTINELS);
    }

    private boolean isWhole(int port) {
        String text = String.valueOf(command(port, "CLUSTER INFO"));
        return text.contains("cluster_state:ok") && text.contains("cluster_known_nodes:" + PRIMARIES);
    }

    private static String urls(String scheme, List<Integer> ports) {
        return ports.stream().map(port -> scheme + "://" + HOST + ":" + port).collect(Collectors.joining(","));
    }

    /** Low enough for the bus of a Cluster. */
    private static int freePort() {
        for (int i = 0; i < 1_000; i++) {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                if (socket.getLocalPort() + BUS <= HIGHEST) {
                    return socket.getLocalPort();
                }
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
        throw new IllegalStateException("no port is free");
    }
}
