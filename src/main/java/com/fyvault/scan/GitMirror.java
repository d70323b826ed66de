package com.fyvault.scan;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A bare copy of the branches and tags of a repository. Its settings are its own: nothing of the repository is ever one. No
 * file of it is checked out.
 */
final class GitMirror {
    /** Packs that lie about before they are made one. */
    private static final int MOST_PACKS = 50;

    private final Path directory;
    private final Confined git;

    GitMirror(Path directory, Confined git) {
        this.directory = directory;
        this.git = git;
    }

    Path directory() {
        return directory;
    }

    /**
     * Brings it up to date.
     *
     * @param most bytes that it may have
     */
    void fetch(Source source, long most) {
        try {
            long bytes = tidied();
            if (!Files.exists(directory.resolve("HEAD"))) {
                discard();
                var _ = Files.createDirectories(directory);
                run("init", "--quiet", "--bare", "--template=");
            }
            if (bytes >= most) {
                throw new ScanError("is larger than " + most + " bytes");
            }
            git.limitFiles(most - bytes);
            run(
                    "fetch",
                    "--quiet",
                    "--force",
                    "--prune",
                    "--no-tags",
                    "--no-recurse-submodules",
                    "--no-auto-maintenance",
                    "--no-write-fetch-head",
                    "--",
                    source.text(),
                    "+refs/heads/*:refs/heads/*",
                    "+refs/tags/*:refs/tags/*");
            git.limitFiles(most);
        } catch (IOException broken) {
            throw new ScanError("cannot write " + directory + ": " + broken.getMessage(), broken);
        }
    }

    /** What its branches and tags name. */
    List<String> tips() {
        List<String> tips = new ArrayList<>();
        try (Git refs = git.start(directory, "for-each-ref", "--format=%(objectname)")) {
            for (@Nullable String id = refs.until('\n'); id != null; id = refs.until('\n')) {
                tips.add(id);
            }
            refs.finish();
            return tips;
        } catch (IOException broken) {
            throw new ScanError("git was cut short: " + broken.getMessage(), broken);
        }
    }

    /** Makes one pack of many. */
    void tidy() {
        Path packs = directory.resolve("objects/pack");
        try (var files = Files.list(packs)) {
            if (files.filter(file -> file.toString().endsWith(".pack")).count() < MOST_PACKS) {
                return;
            }
        } catch (IOException none) {
            return;
        }
        run("gc", "--quiet");
    }

    /** Throws it away; the next visit fetches it anew. */
    void discard() {
        try {
            if (Files.exists(directory)) {
                var _ = Files.walkFileTree(directory, new Removal());
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private void run(String... arguments) {
        try (Git process = git.start(directory, arguments)) {
            process.out.transferTo(java.io.OutputStream.nullOutputStream());
            process.finish();
        } catch (IOException | ScanError failed) {
            throw new ScanError(failed.getMessage() + ": " + git.complaint(), failed);
        }
    }

    /** Removes what a git that was ended has left behind, and says how many bytes the rest has. */
    private long tidied() throws IOException {
        if (!Files.exists(directory)) {
            return 0;
        }
        Leftovers leftovers = new Leftovers();
        var _ = Files.walkFileTree(directory, leftovers);
        return leftovers.bytes;
    }

    private static final class Leftovers extends SimpleFileVisitor<Path> {
        private long bytes;

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            String name = file.getFileName().toString();
            if (name.endsWith(".lock") || name.startsWith("tmp_")) {
                Files.deleteIfExists(file);
            } else {
                bytes += attributes.size();
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException gone) {
            return FileVisitResult.CONTINUE;
        }
    }

    private static final class Removal extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure) throws IOException {
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
        }
    }
}
