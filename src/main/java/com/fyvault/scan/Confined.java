package com.fyvault.scan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// Starts `git` on repositories that strangers write to, for one visit.
///
/// What it may do stands here and nowhere else: one protocol; no hook, no program that a configuration names, no
/// submodule, no question to anybody; the configuration of the machine and of the user is not read, and of the
/// environment only what reaches a proxy and the keys of ssh. Each process is bounded in the bytes of a file, its
/// memory and its time by the operating system, and is ended with all that it has started when the time of the visit
/// is up. Its words go to a file, for a server may write what it likes there.
final class Confined implements Git.Starter {
    /// Enough to index and walk what fits into a mirror; a pack can be made to ask for any amount.
    private static final long MEMORY_KIB = 4L * 1024 * 1024;
    /// What `ulimit -f` counts in.
    private static final int BLOCK = 512;

    private static final int LONGEST_COMPLAINT = 500;
    private static final Set<String> KEPT = Set.of(
            "PATH",
            "HOME",
            "USER",
            "LOGNAME",
            "TMPDIR",
            "SSH_AUTH_SOCK",
            "https_proxy",
            "HTTPS_PROXY",
            "all_proxy",
            "ALL_PROXY",
            "no_proxy",
            "NO_PROXY",
            "SSL_CERT_FILE",
            "SSL_CERT_DIR");
    private static final String SSH = "ssh -oBatchMode=yes -oForwardAgent=no -oForwardX11=no -oClearAllForwardings=yes"
            + " -oPermitLocalCommand=no -oConnectTimeout=20";
    private static final List<String> SETTINGS = List.of(
            "core.hooksPath=/dev/null",
            "core.fsmonitor=false",
            "core.attributesFile=/dev/null",
            "core.bigFileThreshold=16m",
            "core.packedGitWindowSize=32m",
            "core.packedGitLimit=256m",
            "core.deltaBaseCacheLimit=64m",
            "pack.threads=1",
            "pack.windowMemory=64m",
            "gc.auto=0",
            "gc.autoDetach=false",
            "maintenance.auto=false",
            "fetch.unpackLimit=1",
            "fetch.recurseSubmodules=false",
            "submodule.recurse=false",
            "http.followRedirects=false",
            "http.lowSpeedLimit=1000",
            "http.lowSpeedTime=30",
            "log.showSignature=false",
            "protocol.allow=never");

    private final Path directory;
    private final String protocol;
    private final Path config;
    private final long until;
    private final Set<Process> running = ConcurrentHashMap.newKeySet();
    private volatile long fileBytes = Long.MAX_VALUE;

    /// @param directory the mirror's, for its complaints
    /// @param protocol the only one
    /// @param config read instead of the user's own; may be `/dev/null`
    Confined(Path directory, String protocol, Path config, Duration time) {
        this.directory = directory;
        this.protocol = protocol;
        this.config = config;
        this.until = System.nanoTime() + time.toNanos();
    }

    /// From now on no process writes a file that is larger.
    void limitFiles(long bytes) {
        fileBytes = Math.max(0, bytes);
    }

    /// True when the time of the visit is up.
    boolean isOver() {
        return left() <= 0;
    }

    @Override
    public Git start(Path at, String... arguments) {
        if (isOver()) {
            throw new ScanError("no time is left");
        }
        ProcessBuilder builder = new ProcessBuilder(command(arguments)).directory(at.toFile());
        builder.environment().keySet().retainAll(KEPT);
        builder.environment().put("LC_ALL", "C");
        builder.environment().put("GIT_DIR", at.toString());
        builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
        builder.environment().put("GIT_CONFIG_GLOBAL", config.toString());
        builder.environment().put("GIT_ALLOW_PROTOCOL", protocol);
        builder.environment().put("GIT_TERMINAL_PROMPT", "0");
        builder.environment().put("GIT_ASKPASS", "false");
        builder.environment().put("SSH_ASKPASS", "false");
        builder.environment().put("SSH_ASKPASS_REQUIRE", "never");
        builder.environment().put("GIT_SSH_COMMAND", SSH);
        builder.environment().put("GIT_OPTIONAL_LOCKS", "0");
        builder.environment().put("GIT_NO_LAZY_FETCH", "1");
        builder.environment().put("GIT_NO_REPLACE_OBJECTS", "1");
        builder.redirectError(complaints().toFile());
        try {
            Process process = builder.start();
            running.add(process);
            CompletableFuture<Void> _ = process.onExit().thenAccept(running::remove);
            CompletableFuture.delayedExecutor(Math.max(0, left()), TimeUnit.NANOSECONDS)
                    .execute(() -> end(process));
            return new Git(process, "git " + arguments[0]);
        } catch (IOException absent) {
            throw new ScanError("cannot start git in " + at + ": " + absent.getMessage(), absent);
        }
    }

    /// Ends whatever runs, and what that has started.
    void end() {
        running.forEach(Confined::end);
    }

    /// What git complained of last, made harmless.
    String complaint() {
        try {
            byte[] said = Files.readAllBytes(complaints());
            String text = new String(
                    said, 0, Math.min(said.length, LONGEST_COMPLAINT), java.nio.charset.StandardCharsets.UTF_8);
            return Finding.plain(text.strip().replace('\n', ' '));
        } catch (IOException none) {
            return "";
        }
    }

    private Path complaints() {
        return directory.resolveSibling("git.log");
    }

    private long left() {
        return until - System.nanoTime();
    }

    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private List<String> command(String... arguments) {
        long blocks = fileBytes / BLOCK;
        long seconds = Math.max(1, TimeUnit.NANOSECONDS.toSeconds(left()) + 1);
        String limits = "ulimit -c 0; ulimit -t " + seconds + "; ulimit -v " + MEMORY_KIB + " 2>/dev/null; "
                + (fileBytes == Long.MAX_VALUE ? "" : "ulimit -f " + blocks + " || exit 125; ");
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", limits + "exec \"$0\" \"$@\"", "git"));
        command.add("--no-pager");
        SETTINGS.forEach(setting -> command.addAll(List.of("-c", setting)));
        command.addAll(List.of("-c", "protocol." + protocol + ".allow=always"));
        command.addAll(List.of(arguments));
        return command;
    }
}
