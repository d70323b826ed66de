package com.fyvault.support;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** {@code fyvault server} as a process of its own, from the packaged jar: a node that can be paused and killed. */
public final class NodeProcess implements AutoCloseable {
    static final String ROOT_KEY = "NODE_ROOT_KEY";
    private static final String LISTENING = "fyvault: listening on ";
    private static final long STOP_SECONDS = 20;

    private final Process process;
    private final String url;

    private NodeProcess(Process process, String url) {
        this.process = process;
        this.url = url;
    }

    /** Starts it with these settings, and waits until it listens. */
    static NodeProcess start(Map<String, String> settings, String rootKey) {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-jar",
                Figures.target().resolve("fyvault.jar").toString(),
                "server",
                "--no-migrate",
                "--end-with-input"));
        Path log = Figures.target().resolve("node-process.log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        settings.forEach((name, value) -> builder.environment()
                .put("FYVAULT_" + name.toUpperCase(Locale.ROOT).replace('.', '_'), value));
        builder.environment().put(ROOT_KEY, rootKey);
        try {
            Process started = builder.start();
            BufferedReader out = started.inputReader();
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.startsWith(LISTENING)) {
                    return new NodeProcess(started, line.substring(LISTENING.length()));
                }
            }
            throw new IllegalStateException("the node ended before it listened: see " + log);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    public String url() {
        return url;
    }

    /** Stops it in its tracks. */
    public void pause() {
        signal("-STOP");
    }

    /** Lets it go on where it was. */
    public void resume() {
        signal("-CONT");
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** {@code kill -9}, whether it runs or stands still. */
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** Asks it to stop; one that does not is killed, so that no test waits for it. */
    @Override
    public void close() {
        resume();
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                kill();
            }
        } catch (InterruptedException stop) {
            kill();
            Thread.currentThread().interrupt();
        }
    }

    private void signal(String signal) {
        try {
            new ProcessBuilder("kill", signal, Long.toString(process.pid()))
                    .start()
                    .onExit()
                    .join();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
