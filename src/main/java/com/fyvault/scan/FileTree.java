package com.fyvault.scan;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;

/** The files under a directory, or a file. Links are not followed, and git's own directories are left to {@link GitHistory}. */
public final class FileTree {
    private static final int CHUNK = 256 * 1024;
    private static final OpenOption[] AS_IT_IS = {StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS};

    private final Search search;
    private byte[] buffer = new byte[CHUNK];

    public FileTree(Search search) {
        this.search = search;
    }

    /** @throws ScanError when there is no such path */
    public void look(Path path) {
        try {
            // What was named is looked at even through a link; what lies below is not.
            Path root = path.toRealPath();
            Files.walkFileTree(root, new Visitor(root, path));
        } catch (NoSuchFileException absent) {
            throw new ScanError("there is no " + path, absent);
        } catch (IOException unreadable) {
            throw new ScanError("cannot read " + path + ": " + unreadable, unreadable);
        }
    }

    private void look(Path file, String name) throws IOException {
        try (InputStream in = Files.newInputStream(file, AS_IT_IS)) {
            int length = 0;
            while (true) {
                int read = in.readNBytes(buffer, length, buffer.length - length);
                length += read;
                if (length < buffer.length) {
                    break;
                }
                if (length > Search.LARGEST) {
                    search.passOver(name, "larger than " + Search.LARGEST + " bytes");
                    return;
                }
                buffer = Arrays.copyOf(buffer, Math.min(2 * length, Search.LARGEST + 1));
            }
            search.look(buffer, length, Place.file(name));
        }
    }

    private final class Visitor extends SimpleFileVisitor<Path> {
        private final Path root;
        private final Path asNamed;

        Visitor(Path root, Path asNamed) {
            this.root = root;
            this.asNamed = asNamed;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            boolean isGit = !directory.equals(root) && directory.endsWith(".git");
            return isGit ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String name = name(file);
            if (!attributes.isRegularFile()) {
                return FileVisitResult.CONTINUE;
            }
            if (attributes.size() > Search.LARGEST) {
                search.passOver(name, "larger than " + Search.LARGEST + " bytes");
                return FileVisitResult.CONTINUE;
            }
            try {
                look(file, name);
            } catch (IOException unreadable) {
                search.fail(name, "cannot be read");
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) {
            search.fail(name(file), "cannot be read");
            return FileVisitResult.CONTINUE;
        }

        private String name(Path file) {
            Path named = file.equals(root) ? asNamed : asNamed.resolve(root.relativize(file));
            return named.normalize().toString().replace('\\', '/');
        }
    }
}
