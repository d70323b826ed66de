package com.fyvault.scan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** A git repository for a test, apart from whatever the machine has configured. */
final class Repository {
    private final Path directory;

    private Repository(Path directory) {
        this.directory = directory;
    }

    static Repository create(Path directory) throws IOException {
        Repository repository = new Repository(directory);
        var _ = Files.createDirectories(directory);
        var _ = repository.git("init", "-q", "-b", "main");
        var _ = repository.git("config", "user.name", "Ada");
        var _ = repository.git("config", "user.email", "ada@example.com");
        var _ = repository.git("config", "core.hooksPath", ".git/hooks");
        return repository;
    }

    Path directory() {
        return directory;
    }

    Repository write(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        var _ = Files.createDirectories(file.getParent());
        var _ = Files.writeString(file, text);
        return this;
    }

    String commit(String message) throws IOException {
        var _ = git("add", "-A");
        var _ = git("commit", "-q", "-m", message);
        return git("rev-parse", "HEAD").strip();
    }

    /** Runs git, which must succeed, and says what it said. */
    String git(String... arguments) throws IOException {
        Done done = run(new byte[0], arguments);
        assertThat(done.code())
                .as("git %s: %s", List.of(arguments), done.output())
                .isZero();
        return done.output();
    }

    /** A commit a line of the stream's making: see git-fast-import. */
    void importStream(byte[] stream) throws IOException {
        Done done = run(stream, "fast-import", "--quiet");
        assertThat(done.code()).as(done.output()).isZero();
    }

    /** So many commits at once, each of which leaves the text of its number, from 1 on, in a.txt. */
    void importCommits(int commits, IntFunction<String> text) throws IOException {
        StringBuilder stream = new StringBuilder("reset refs/heads/main\n");
        for (int i = 1; i <= commits; i++) {
            String content = text.apply(i);
            stream.append("commit refs/heads/main\nmark :")
                    .append(i)
                    .append("\ncommitter A <a@example.com> 1700000000 +0000\n");
            stream.append("data 1\nm\nM 100644 inline a.txt\ndata ")
                    .append(content.length())
                    .append('\n')
                    .append(content);
            stream.append('\n');
        }
        importStream(stream.toString().getBytes(StandardCharsets.US_ASCII));
    }

    record Done(int code, String output) {}

    Done run(byte[] input, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
        builder.environment().put("GIT_CONFIG_SYSTEM", "/dev/null");
        Process process = builder.start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(input);
        }
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        process.getInputStream().transferTo(output);
        try {
            return new Done(process.waitFor(), output.toString(StandardCharsets.UTF_8));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException(interrupted);
        }
    }
}
