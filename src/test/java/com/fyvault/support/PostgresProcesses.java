package com.fyvault.support;

import com.fyvault.platform.CanIgnoreReturnValue;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** The processes of an embedded PostgreSQL, to stop and to kill. */
public record PostgresProcesses(Path data) {

    /** Freezes all of them; how many were stopped. */
    public int freeze() {
        return signal("-STOP");
    }

    /** Lets them go on. */
    @CanIgnoreReturnValue
    public int thaw() {
        return signal("-CONT");
    }

    /** Kills one of them, as an accident would. */
    public void killOne(long pid) {
        kill("-KILL", List.of(pid));
    }

    /** Kills the postmaster, waits until the others have gone, and starts it again with the same command line. */
    public void crash() {
        List<ProcessHandle> all = all();
        kill("-KILL", List.of(postmaster().pid()));
        all.forEach(process -> process.onExit().join());
        start();
    }

    /** False when the postmaster has ended, as it does when a crash leaves it no way to recover. */
    public boolean isRunning() {
        return findPostmaster().isPresent();
    }

    /** Starts it again with the same command line, after it has ended. */
    public void start() {
        try {
            String command = Files.readString(data.resolve("postmaster.opts")).strip();
            // PostgreSQL refuses root, who gets a namespace of his own.
            String root = System.getProperty("user.name").equals("root") ? "unshare -U " : "";
            File log = data.resolveSibling("postgres.log").toFile();
            Process started = new ProcessBuilder("sh", "-c", "exec " + root + command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                    .start();
            while (started.isAlive() && !isRunning()) {
                LockSupport.parkNanos(1_000_000);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private ProcessHandle postmaster() {
        return findPostmaster().orElseThrow();
    }

    private Optional<ProcessHandle> findPostmaster() {
        try {
            // Just made, it is empty for a moment.
            return Files.readAllLines(data.resolve("postmaster.pid")).stream()
                    .findFirst()
                    .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid.strip())))
                    .filter(ProcessHandle::isAlive);
        } catch (NoSuchFileException ended) {
            return Optional.empty();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private List<ProcessHandle> all() {
        return Stream.concat(Stream.of(postmaster()), postmaster().descendants())
                .toList();
    }

    private int signal(String signal) {
        List<Long> pids = all().stream().map(ProcessHandle::pid).toList();
        kill(signal, pids);
        return pids.size();
    }

    private static void kill(String signal, List<Long> pids) {
        List<String> command = new ArrayList<>(List.of("kill", signal));
        pids.forEach(pid -> command.add(Long.toString(pid)));
        try {
            new ProcessBuilder(command).inheritIO().start().onExit().join();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
