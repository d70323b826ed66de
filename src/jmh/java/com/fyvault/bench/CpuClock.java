package com.fyvault.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * CPU time (user and system) that another process has taken, from the kernel's accounting under /proc. Linux only.
 *
 * <p>A process: {@code schedstat} of each thread, in nanoseconds, plus what threads that have ended were last seen
 * with. {@code stat} counts ended threads exactly but in ticks of 10 ms, so it serves as the lower bound: what a short
 * thread did between two looks is then missing by a tick or two at most. A tree: the parent, its living children, and
 * {@code cutime} + {@code cstime} of the children that have ended.
 */
final class CpuClock {
    private static final long NANOS_PER_TICK = 10_000_000; // USER_HZ is 100 on every Linux that Java runs on
    private static final int UTIME = 11; // fields of /proc/PID/stat, counted from behind the command's name
    private static final int CUTIME = 13;
    private static final int PARENT = 1;

    private final long pid;
    private final boolean withChildren;
    private final Map<Long, Long> endedThreads = new HashMap<>();
    private final Map<Long, Map<Long, Long>> threadsByProcess = new HashMap<>();

    private CpuClock(long pid, boolean withChildren) {
        this.pid = pid;
        this.withChildren = withChildren;
    }

    static CpuClock ofProcess(long pid) {
        return new CpuClock(pid, false);
    }

    /** The process and its direct and indirect children, also those that ended and were waited for. */
    static CpuClock ofTree(long pid) {
        return new CpuClock(pid, true);
    }

    /** Nanoseconds since the process began. Throws if it is gone. */
    long nanos() {
        String[] stat = stat(pid);
        if (stat.length == 0) {
            throw new IllegalStateException("process " + pid + " has ended");
        }
        long total = processNanos(pid, stat);
        if (withChildren) {
            total += childrenNanos(pid, stat, childrenByParent());
        }
        return total;
    }

    private long childrenNanos(long parent, String[] parentStat, Map<Long, List<Long>> children) {
        long total = ticks(parentStat, CUTIME);
        for (long child : children.getOrDefault(parent, List.of())) {
            String[] stat = stat(child);
            if (stat.length > 0) {
                total += processNanos(child, stat) + childrenNanos(child, stat, children);
            }
        }
        return total;
    }

    private long processNanos(long process, String[] stat) {
        Map<Long, Long> before = threadsByProcess.getOrDefault(process, Map.of());
        Map<Long, Long> now = threadNanos(process);
        threadsByProcess.put(process, now);
        long ended = endedThreads.getOrDefault(process, 0L);
        for (Map.Entry<Long, Long> thread : before.entrySet()) {
            if (!now.containsKey(thread.getKey())) {
                ended += thread.getValue();
            }
        }
        endedThreads.put(process, ended);
        long living = now.values().stream().mapToLong(Long::longValue).sum();
        return Math.max(living + ended, ticks(stat, UTIME));
    }

    private static Map<Long, Long> threadNanos(long process) {
        Map<Long, Long> nanos = new HashMap<>();
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc", "" + process, "task"))) {
            for (Path thread : threads) {
                String text = readIfThere(thread.resolve("schedstat"));
                if (!text.isEmpty()) {
                    nanos.put(
                            Long.parseLong(thread.getFileName().toString()),
                            Long.parseLong(text.substring(0, text.indexOf(' '))));
                }
            }
        } catch (IOException e) {
            return nanos; // it ended while we looked
        }
        return nanos;
    }

    private static Map<Long, List<Long>> childrenByParent() {
        Map<Long, List<Long>> children = new HashMap<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                long child = Long.parseLong(process.getFileName().toString());
                String[] stat = stat(child);
                if (stat.length > 0) {
                    children.computeIfAbsent(Long.parseLong(stat[PARENT]), parent -> new ArrayList<>())
                            .add(child);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return children;
    }

    private static long ticks(String[] stat, int field) {
        return (Long.parseLong(stat[field]) + Long.parseLong(stat[field + 1])) * NANOS_PER_TICK;
    }

    /** The fields behind the command's name, which may itself hold spaces and brackets; none if the process is gone. */
    private static String[] stat(long process) {
        String text = readIfThere(Path.of("/proc", "" + process, "stat"));
        return text.isEmpty()
                ? new String[0]
                : text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
    }

    private static String readIfThere(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
