package com.fyvault.scan;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A {@code git} that runs, and what it says. It asks nobody anything, fetches nothing and runs no program of the repository. */
final class Git implements AutoCloseable {
    private static final int CHUNK = 64 * 1024;
    private static final int LONGEST_TOKEN = 64 * 1024;
    private static final List<String> QUIETLY =
            List.of("git", "--no-pager", "-c", "core.fsmonitor=false", "-c", "log.showSignature=false");

    private final Process process;
    private final String what;
    final InputStream out;
    final OutputStream in;

    /** Starts it in a directory. */
    @FunctionalInterface
    interface Starter {
        Git start(Path directory, String... arguments);
    }

    Git(Process process, String what) {
        this.process = process;
        this.what = what;
        this.out = new BufferedInputStream(process.getInputStream(), CHUNK);
        this.in = new BufferedOutputStream(process.getOutputStream(), CHUNK);
    }

    static Git start(Path directory, String... arguments) {
        List<String> command = new ArrayList<>(QUIETLY);
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().put("GIT_OPTIONAL_LOCKS", "0");
        builder.environment().put("GIT_TERMINAL_PROMPT", "0");
        builder.environment().put("GIT_NO_LAZY_FETCH", "1");
        // What git complains of is for the person at the terminal.
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        try {
            return new Git(builder.start(), "git " + arguments[0]);
        } catch (IOException absent) {
            throw new ScanError("cannot start git in " + directory + ": " + absent.getMessage(), absent);
        }
    }

    /** One line that it says. */
    static String line(Path directory, String... arguments) {
        try (Git git = start(directory, arguments)) {
            @Nullable String line = git.until('\n');
            git.finish();
            return line == null ? "" : line;
        } catch (IOException broken) {
            throw new ScanError("git was cut short: " + broken.getMessage(), broken);
        }
    }

    /** What it says before the next such byte; null when that was all. Whoever was ended in the middle of a word has not said it. */
    @Nullable
    String until(int end) throws IOException {
        byte[] token = new byte[256];
        int length = 0;
        for (int next = out.read(); next != end; next = out.read()) {
            if (next < 0 && length > 0) {
                throw new ScanError(what + " was cut short");
            }
            if (next < 0) {
                return null;
            }
            if (length == LONGEST_TOKEN) {
                // Nobody's name; the rest of it is of no use.
                continue;
            }
            if (length == token.length) {
                token = Arrays.copyOf(token, 2 * length);
            }
            token[length++] = (byte) next;
        }
        return text(token, length);
    }

    /** Waits until it has ended. */
    void finish() throws IOException {
        in.close();
        try {
            int code = process.waitFor();
            if (code != 0) {
                throw new ScanError(what + " failed with code " + code);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ScanError("interrupted", interrupted);
        }
    }

    @Override
    public void close() {
        process.destroy();
    }

    private static String text(byte[] bytes, int length) {
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
}
