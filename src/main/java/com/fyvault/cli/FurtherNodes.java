package com.fyvault.cli;

import com.fyvault.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The other nodes of {@code fyvault dev --nodes N}: processes of their own, each a
 * {@code fyvault server} on the same database. They end with this process, however it ends: each
 * watches its standard input, which this process holds open.
 */
final class FurtherNodes implements AutoCloseable {
    private static final String LISTENING = "fyvault: listening on ";
    private static final long STOP_SECONDS = 15;

    private final List<Process> processes = new ArrayList<>();
    private final List<String> urls = new ArrayList<>();

    /**
     * Starts them one after the other, and waits until each listens.
     *
     * @param first the port of the first node; the others follow two apart, or are free ones for 0
     * @param settings of the database and the root key, as properties
     * @param data where each writes what it logs
     */
    static FurtherNodes start(int count, int first, Map<String, String> settings, Path data) throws IOException {
        FurtherNodes nodes = new FurtherNodes();
        try {
            for (int i = 1; i <= count; i++) {
                nodes.add(first == 0 ? 0 : first + 2 * i, settings, data.resolve("node-" + (i + 1) + ".log"));
            }
            return nodes;
        } catch (IOException | RuntimeException failure) {
            nodes.close();
            throw failure;
        }
    }

    /** Where they listen, in the order of their ports. */
    List<String> urls() {
        return urls;
    }

    private void add(int port, Map<String, String> settings, Path log) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of(
                "-cp", System.getProperty("java.class.path"), Main.class.getName(), "server", "--end-with-input"));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
        settings.forEach((name, value) -> builder.environment().put(variable(name), value));
        builder.environment().put("FYVAULT_HTTP_PORT", Integer.toString(port));
        builder.environment().put("FYVAULT_MANAGEMENT_PORT", Integer.toString(port == 0 ? 0 : port + 1));
        Process process = builder.start();
        processes.add(process);
        BufferedReader out = process.inputReader();
        @Nullable String line = out.readLine();
        while (line != null && !line.startsWith(LISTENING)) {
            line = out.readLine();
        }
        if (line == null) {
            throw new CliError("a further node did not start, see " + log);
        }
        urls.add(line.substring(LISTENING.length()));
    }

    private static String variable(String name) {
        return "FYVAULT_" + name.toUpperCase(Locale.ROOT).replace('.', '_');
    }

    @Override
    public void close() {
        processes.forEach(Process::destroy);
        for (Process process : processes) {
            try {
                if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                process.destroyForcibly();
            }
        }
    }
}
