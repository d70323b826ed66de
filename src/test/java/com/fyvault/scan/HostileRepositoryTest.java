package com.fyvault.scan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Figures;
import com.fyvault.support.SeededRandom;
import com.fyvault.tokens.TokenFormat;
import com.fyvault.tokens.TokenKind;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Git's settings can name programs in dozens of places, and a repository brings its own when it is a directory. */
class HostileRepositoryTest {
    private static final List<String> PROGRAMS = List.of(
            "core.fsmonitor",
            "core.sshCommand",
            "core.gitProxy",
            "core.askPass",
            "core.pager",
            "core.editor",
            "core.alternateRefsCommand",
            "credential.helper",
            "diff.external",
            "diff.evil.textconv",
            "filter.evil.smudge",
            "filter.evil.process",
            "gpg.program",
            "uploadpack.packObjectsHook",
            "remote.origin.uploadpack",
            "remote.origin.vcs");
    private static final List<String> HOOKS =
            List.of("post-checkout", "reference-transaction", "pre-receive", "post-index-change");

    private final String token = TokenFormat.draw(TokenKind.API_KEY.prefix(), new SeededRandom(11));
    private final List<String> reported = new ArrayList<>();

    @TempDir
    Path directory;

    private Repository repository;
    private Path marker;

    @BeforeEach
    void create() throws IOException {
        repository = Repository.create(directory.resolve("origin"));
        marker = directory.resolve("marker");
    }

    private WatchedRepository.Visit visit() {
        WatchedRepository watched = new WatchedRepository(
                Source.parse(repository.directory().toString()),
                directory.resolve("watch"),
                new WatchedRepository.Limits(512L * 1024 * 1024, Duration.ofMinutes(2), Path.of("/dev/null")),
                RuleSet.own());
        return watched.visit(candidates ->
                candidates.forEach(one -> reported.add(new String(one.secret(), StandardCharsets.UTF_8))));
    }

    private void fill() throws IOException {
        Path root = repository.directory();
        var _ = Files.createSymbolicLink(root.resolve("link"), Path.of("nowhere"));
        var _ = Files.createSymbolicLink(root.resolve("loop"), Path.of("loop"));
        var _ = repository.write(".gitattributes", "* filter=evil diff=evil merge=evil\n");
        var _ = repository.write(
                ".gitmodules", "[submodule \"s\"]\npath = s\nurl = file:///etc\nupdate = !touch " + marker + "\n");
        var _ = repository.write("new\nline \u001b[31m.txt", "key = " + token);
        var _ = repository.git("update-index", "--add", "--cacheinfo", "160000," + "1".repeat(40) + ",s");
        var _ = repository.commit("one");
        try (var file = new RandomAccessFile(root.resolve("huge").toFile(), "rw")) {
            file.setLength(200L * 1024 * 1024);
        }
        var _ = repository.commit("two");
    }

    private void arm() throws IOException {
        Path program = Files.writeString(
                directory.resolve("program"), "#!/bin/sh\necho \"$0 $*\" >> '" + marker + "'\nexec cat\n");
        var _ = Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        for (String setting : PROGRAMS) {
            var _ = repository.git("config", setting, program.toString());
        }
        var _ = repository.git("config", "remote.origin.url", "ext::" + program);
        var _ = repository.git("config", "remote.origin.promisor", "true");
        var _ = repository.git("config", "extensions.partialClone", "origin");
        Path hooks = repository.directory().resolve(".git/hooks");
        var _ = repository.git("config", "core.hooksPath", hooks.toString());
        for (String hook : HOOKS) {
            var _ = Files.copy(program, hooks.resolve(hook));
        }
        boolean _ = Files.deleteIfExists(marker);
    }

    private int run() throws IOException {
        return Files.exists(marker) ? Files.readAllLines(marker).size() : 0;
    }

    @Test
    void nothingOfItIsRun() throws IOException {
        fill();
        arm();
        long begun = System.nanoTime();
        WatchedRepository.Visit visit = visit();
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
        int traps = PROGRAMS.size() + HOOKS.size() + 2;
        Figures.print(new Figures.Line("watch", "a hostile repository", traps, 1, run(), "ms=" + millis));
        assertThat(run()).isZero();
        assertThat(visit.failure()).isNull();
        assertThat(visit.commits()).isEqualTo(2);
        assertThat(reported).containsExactly(token);
        assertThat(visit.result().named()).hasSize(1).first().asString().contains("huge: larger than");
        String line = Report.line(visit.result().findings().get(0));
        assertThat(line.split("\n")).hasSize(2);
        assertThat(line).doesNotContain("\u001b");
        // The traps are good: whoever works in it steps into one.
        Repository.Done _ = repository.run(new byte[0], "status");
        assertThat(run()).isPositive();
    }

    /** An object that a partial clone lacks would be asked of whatever its settings name. */
    @Test
    void aPartialCloneIsNotCompleted() throws IOException {
        var _ = repository.write("a.txt", "a").commit("one");
        String blob = repository.git("rev-parse", "HEAD:a.txt").strip();
        Files.delete(repository
                .directory()
                .resolve(".git/objects")
                .resolve(blob.substring(0, 2))
                .resolve(blob.substring(2)));
        var _ = repository.git("config", "core.repositoryFormatVersion", "1");
        var _ = repository.git("config", "extensions.partialClone", "origin");
        var _ = repository.git("config", "remote.origin.promisor", "true");
        var _ = repository.git(
                "config", "remote.origin.url", directory.resolve("origin").toString());
        var _ = repository.git("config", "remote.origin.uploadpack", "touch " + marker + "; git-upload-pack");
        assertThat(visit().failure()).isNotNull();
        assertThat(marker).doesNotExist();
    }
}
