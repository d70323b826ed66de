package com.fyvault.support;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** {@code fyvault dev} as a process of its own, from the packaged jar. */
public final class ServerProcess implements AutoCloseable {
    private static final Path JAR = Figures.target().resolve("fyvault.jar");

    private final Path data;
    private final Process process;
    private final Map<String, String> facts = new HashMap<>();

    private ServerProcess(Path data, Process process) {
        this.data = data;
        this.process = process;
    }

    /** True when the jar has been packaged, as it has in a whole build. */
    public static boolean isPackaged() {
        return Files.exists(JAR);
    }

    /** Starts it on a free port with its data in the directory, and waits until it has said where it is. */
    public static ServerProcess start(Path data) {
        return start(data, Map.of());
    }

    /** The same with settings in its environment. */
    public static ServerProcess start(Path data, Map<String, String> environment) {
        String java = ProcessHandle.current().info().command().orElse("java");
        List<String> command = new ArrayList<>(List.of(
                java,
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-jar",
                JAR.toString(),
                "dev",
                "--port",
                "0",
                "--data",
                data.toString()));
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.appendTo(
                            data.resolveSibling(data.getFileName() + ".err").toFile()));
            builder.environment().putAll(environment);
            Process process = builder.start();
            ServerProcess started = new ServerProcess(data, process);
            started.readFacts();
            return started;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** What it said of itself: FYVAULT_BASE_URL, FYVAULT_ORG_ID and, the first time, FYVAULT_API_KEY. */
    public String fact(String name) {
        String fact = facts.get(name);
        if (fact == null) {
            throw new IllegalStateException("no " + name + " in " + facts.keySet());
        }
        return fact;
    }

    /** Where it listens, without a path. */
    public String url() {
        return fact("FYVAULT_BASE_URL").replace("/api/v1", "");
    }

    /** The server as the holder of a key sees it. */
    public Api api(String key) {
        return new Api(url(), fact("FYVAULT_ORG_ID"), key);
    }

    /** Its database, as the superuser. */
    public Connection superuser() throws SQLException {
        Properties passwords = new Properties();
        try (var reader = Files.newBufferedReader(data.resolve("postgres.properties"))) {
            passwords.load(reader);
            String port = Files.readAllLines(data.resolve("postgres/postmaster.pid"))
                    .get(3)
                    .strip();
            return DriverManager.getConnection(
                    "jdbc:postgresql://127.0.0.1:" + port + "/fyvault", "postgres", passwords.getProperty("postgres"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** {@code kill -9}. Its PostgreSQL lives on; the next start finds it. */
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** Asks it to stop, and waits. */
    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }

    private void readFacts() throws IOException {
        BufferedReader out = process.inputReader();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith("FYVAULT_")) {
                String[] parts = line.split("=", 2);
                facts.put(parts[0], parts[1]);
            }
            if (line.startsWith("Ctrl-C")) {
                return;
            }
        }
        throw new IllegalStateException("the server ended before it listened: see " + data + ".err");
    }
}
