package com.fyvault.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import redis.embedded.RedisServer;

/**
 * A Redis of our own under the data directory, on loopback and with a password. It keeps nothing on disk:
 * what is in it are hints. The password is a new one at each start, in a file that only its owner reads,
 * because arguments are shown to everybody.
 */
final class DevRedis implements AutoCloseable {
    private static final int PASSWORD_BYTES = 24;
    private static final long STOP_SECONDS = 5;

    private final RedisServer server;
    private final int port;
    private final String password;

    private DevRedis(RedisServer server, int port, String password) {
        this.server = server;
        this.port = port;
        this.password = password;
    }

    static DevRedis start(Path data, SecureRandom random) throws IOException {
        Path directory = Files.createDirectories(data.resolve("redis")).toAbsolutePath();
        stopLeftover(directory.resolve("redis.pid"));
        byte[] bytes = new byte[PASSWORD_BYTES];
        random.nextBytes(bytes);
        String password = HexFormat.of().formatHex(bytes);
        int port = freePort();
        Path config = write(directory, """
                bind 127.0.0.1
                requirepass %s
                dir "%s"
                pidfile "%s"
                save ""
                appendonly no
                daemonize no
                """.formatted(password, directory, directory.resolve("redis.pid")));
        RedisServer server =
                RedisServer.newRedisServer().configFile(config).port(port).build();
        server.start();
        return new DevRedis(server, port, password);
    }

    /** The settings of a server that uses it. */
    Map<String, String> settings() {
        return Map.of("redis.url", "redis://127.0.0.1:" + port, "redis.password", password);
    }

    @Override
    public void close() throws IOException {
        server.stop();
    }

    /** Whole or not at all, and never readable by others. */
    private static Path write(Path directory, String text) throws IOException {
        Path fresh = directory.resolve("redis.conf.new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(fresh, text);
        return Files.move(
                fresh,
                directory.resolve("redis.conf"),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    /** A server that was killed leaves its Redis running; nobody else may use this directory, so it is ours to stop. */
    private static void stopLeftover(Path pidFile) throws IOException {
        if (!Files.exists(pidFile)) {
            return;
        }
        long pid = Long.parseLong(Files.readString(pidFile).strip());
        ProcessHandle.of(pid)
                .filter(process -> process.info()
                        .command()
                        .map(command -> command.contains("redis-server"))
                        .orElse(false))
                .ifPresent(leftover -> {
                    boolean asked = leftover.destroy();
                    try {
                        leftover.onExit().get(STOP_SECONDS, TimeUnit.SECONDS);
                    } catch (Exception stuck) {
                        throw new CliError(
                                "a Redis of an earlier run does not stop (process " + pid + ", asked " + asked + ")",
                                stuck);
                    }
                });
        Files.deleteIfExists(pidFile);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
