package com.fyvault.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A process that this one started, and that ends with it, also on Ctrl-C. Its lines of output can be waited for. */
final class ChildProcess implements AutoCloseable {
    private static final int MAX_LINES = 10_000;
    private static final int SHOWN_LINES = 40;
    private static final Duration STOP_LIMIT = Duration.ofSeconds(15);

    private static final Pattern TOKEN = Pattern.compile("fv[a-z]*_[0-9A-Za-z_]{20,}");

    private final String name;
    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>(MAX_LINES);
    private final ArrayDeque<String> lastLines = new ArrayDeque<>();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final Thread onExit = new Thread(this::stop);

    private final Runnable afterStop;

    private ChildProcess(String name, Process process, Runnable afterStop) {
        this.name = name;
        this.process = process;
        this.afterStop = afterStop;
    }

    static ChildProcess start(String name, ProcessBuilder command) throws IOException {
        return start(name, command, () -> {});
    }

    /** Clears up after the process, once it has been stopped, in the same cases. */
    static ChildProcess start(String name, ProcessBuilder command, Runnable afterStop) throws IOException {
        ChildProcess child =
                new ChildProcess(name, command.redirectErrorStream(true).start(), afterStop);
        Thread.ofVirtual().start(child::drain);
        Runtime.getRuntime().addShutdownHook(child.onExit);
        return child;
    }

    /** A command that runs another main class of this class path. */
    static ProcessBuilder java(List<String> flags, Class<?> main, String... args) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(Arrays.asList(args));
        return new ProcessBuilder(command);
    }

    /** The flags of this virtual machine: those that the start script gives to the server too. */
    static List<String> ownFlags() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments();
    }

    long pid() {
        return process.pid();
    }

    void send(String line) throws IOException {
        Writer in = process.outputWriter();
        in.write(line + "\n");
        in.flush();
    }

    /** Returns the next line that holds this text and passes over the others; fails if it does not come in time. */
    String await(String text, Duration limit) throws InterruptedException {
        return awaitAll(List.of(text), limit).getOrDefault(text, "");
    }

    /** Returns the next line that holds each of these texts, in whatever order they come. */
    Map<String, String> awaitAll(List<String> texts, Duration limit) throws InterruptedException {
        Map<String, String> found = new HashMap<>();
        long end = System.nanoTime() + limit.toNanos();
        while (System.nanoTime() - end < 0) {
            @Nullable String line = lines.poll(200, TimeUnit.MILLISECONDS);
            if (line == null && !process.isAlive()) {
                throw new IllegalStateException(name + " ended early:\n" + lastWords());
            }
            for (String text : texts) {
                if (line != null && line.contains(text)) {
                    found.putIfAbsent(text, line);
                }
            }
            if (found.size() == texts.size()) {
                return found;
            }
        }
        throw new IllegalStateException(name + " did not print " + texts + " in time:\n" + lastWords());
    }

    private void drain() {
        try (BufferedReader out = process.inputReader()) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                boolean _ = lines.offer(line);
                remember(TOKEN.matcher(line).replaceAll("***"));
            }
        } catch (IOException e) {
            remember("(output broke off: " + e.getMessage() + ")");
        }
    }

    private void remember(String line) {
        synchronized (lastLines) {
            lastLines.add(line);
            if (lastLines.size() > SHOWN_LINES) {
                lastLines.remove();
            }
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    String lastWords() {
        synchronized (lastLines) {
            return String.join("\n", lastLines);
        }
    }

    @Override
    public void close() {
        stop();
        try {
            boolean _ = Runtime.getRuntime().removeShutdownHook(onExit);
        } catch (IllegalStateException e) {
            return; // already shutting down: the hook does, or has done, the same
        }
    }

    private void stop() {
        if (!stopping.compareAndSet(false, true)) {
            return;
        }
        process.destroy();
        try {
            if (!process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        afterStop.run();
    }
}
