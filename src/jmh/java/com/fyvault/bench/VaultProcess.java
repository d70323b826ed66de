package com.fyvault.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The real server as {@code fyvault dev} starts it: fresh data, its own PostgreSQL, one secret to read. */
final class VaultProcess implements AutoCloseable {
    /** Long enough for a first build. */
    private static final Duration START_LIMIT = Duration.ofMinutes(10);

    private static final Map<String, String> LIMITS = Map.of(
            "FYVAULT_LIMITS_ORG_SECOND", "1000000",
            "FYVAULT_LIMITS_ORG_MINUTE", "10000000",
            "FYVAULT_LIMITS_OWNER_SECOND", "1000000",
            "FYVAULT_LIMITS_OWNER_MINUTE", "10000000");
    private static final String KEY = "FYVAULT_API_KEY=";
    private static final String CURL = "curl ";
    private static final Pattern URL = Pattern.compile("http://[^\\s'\"]+");

    private final ChildProcess process;
    private final Path data;

    private VaultProcess(ChildProcess process, Path data) {
        this.process = process;
        this.data = data;
    }

    /** Keeps its data below this directory: a temporary one is often in memory, where a commit costs nothing. */
    static VaultProcess start(Path launcher, Path parent) throws IOException {
        return start(launcher, parent, false);
    }

    /** @param limited with a Redis beside it, and limits of the owner and the organization that nobody reaches */
    static VaultProcess start(Path launcher, Path parent, boolean limited) throws IOException {
        Files.createDirectories(parent);
        Path data = Files.createTempDirectory(parent.toAbsolutePath(), "data");
        ProcessBuilder command = dev(launcher, 0, data);
        if (limited) {
            command.command().add("--redis");
            command.environment().putAll(LIMITS);
        }
        return new VaultProcess(ChildProcess.start("the server", command, () -> clearUp(data)), data);
    }

    static ProcessBuilder dev(Path launcher, int port, Path data) {
        return new ProcessBuilder(
                        launcher.toString(), "dev", "--port", Integer.toString(port), "--data", data.toString())
                .redirectInput(Path.of("/dev/null").toFile());
    }

    /** What {@code dev} prints: where the first secret is read, and with which key. */
    record FirstRead(String url, String apiKey) {
        @Override
        public String toString() {
            return url;
        }
    }

    FirstRead awaitFirstRead() throws InterruptedException {
        return awaitFirstRead(process);
    }

    static FirstRead awaitFirstRead(ChildProcess process) throws InterruptedException {
        Map<String, String> lines = process.awaitAll(List.of(KEY, CURL), START_LIMIT);
        String key = lines.getOrDefault(KEY, "").strip();
        Matcher url = URL.matcher(lines.getOrDefault(CURL, ""));
        if (!url.find()) {
            throw new IllegalStateException("no address in the curl line of the server");
        }
        return new FirstRead(url.group(), key.substring(key.indexOf(KEY) + KEY.length()));
    }

    Path data() {
        return data;
    }

    long pid() {
        return process.pid();
    }

    /** The postmaster: the first line of the file that PostgreSQL keeps in its data directory. */
    long postgresPid() throws IOException {
        return postgresPid(data);
    }

    /** The fourth line of the same file. */
    int postgresPort() throws IOException {
        List<String> lines = Files.readAllLines(data.resolve("postgres").resolve("postmaster.pid"));
        return Integer.parseInt(lines.get(3).strip());
    }

    private static long postgresPid(Path data) throws IOException {
        try (Stream<Path> files = Files.walk(data, 6)) {
            Path pidFile = files.filter(file -> file.endsWith("postmaster.pid"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("no PostgreSQL runs on the data of the server"));
            return Long.parseLong(Files.readAllLines(pidFile).getFirst().strip());
        }
    }

    @Override
    public void close() {
        process.close();
    }

    static void clearUp(Path data) {
        try {
            ProcessHandle.of(postgresPid(data)).ifPresent(VaultProcess::stopOrphan);
        } catch (IOException | UncheckedIOException | IllegalStateException e) {
            // as it should be: the server has stopped its PostgreSQL
        }
        delete(data);
    }

    /** Only needed when the server had to be killed. */
    private static void stopOrphan(ProcessHandle postgres) {
        if (postgres.isAlive() && postgres.destroy()) {
            try {
                var _ = postgres.onExit().get(10, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException e) {
                System.err.println("PostgreSQL " + postgres.pid() + " does not end: " + e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static void delete(Path data) {
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException | UncheckedIOException e) {
            System.err.println("left behind: " + data);
        }
    }
}
