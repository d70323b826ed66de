package com.fyvault.scan;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The commits of a repository that have been looked at, and whose findings were reported: those that are named and all that
 * they descend from. A file holds their ids, one a line, and is there whole or as it was before.
 */
final class Scanned {
    private static final int MOST = 1_000_000;
    private static final String ID = "[0-9a-f]{40,64}";

    private final Path file;
    private final Set<String> tips = new LinkedHashSet<>();

    private Scanned(Path file) {
        this.file = file;
    }

    static Scanned read(Path file) {
        Scanned scanned = new Scanned(file);
        if (!Files.exists(file)) {
            return scanned;
        }
        try (var lines = Files.lines(file, StandardCharsets.US_ASCII)) {
            lines.limit(MOST).filter(line -> line.matches(ID)).forEach(scanned.tips::add);
            return scanned;
        } catch (IOException | java.io.UncheckedIOException broken) {
            throw new ScanError("cannot read " + file + ": " + broken.getMessage(), broken);
        }
    }

    Collection<String> tips() {
        return List.copyOf(tips);
    }

    /** Notes a commit, whose parents were noted before or are known. */
    void add(String commit, List<String> parents) {
        parents.forEach(tips::remove);
        tips.add(commit);
    }

    /** Nothing but these counts any more. */
    void replace(Collection<String> now) {
        tips.clear();
        tips.addAll(now);
    }

    void write() {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        byte[] text = (String.join("\n", tips) + "\n").getBytes(StandardCharsets.US_ASCII);
        try (FileChannel out = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            for (ByteBuffer left = ByteBuffer.wrap(text); left.hasRemaining(); ) {
                int _ = out.write(left);
            }
            out.force(true);
            var _ = Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException broken) {
            throw new ScanError("cannot write " + file + ": " + broken.getMessage(), broken);
        }
    }
}
