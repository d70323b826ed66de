package com.fyvault.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A small disk in memory, to be filled and made larger while it is in use. It takes the right to mount. */
public final class SmallDisk implements AutoCloseable {
    /** What the system says of a disk without room, also in PostgreSQL's log. */
    public static final String FULL = "No space left on device";

    private static final int BLOCK = 4_096;

    private final Path directory;
    private int megabytes;

    private SmallDisk(Path directory, int megabytes) {
        this.directory = directory;
        this.megabytes = megabytes;
    }

    /** Mounts one; fails with what the system said when that is not permitted. */
    public static SmallDisk mount(Path directory, int megabytes) throws IOException {
        Files.createDirectories(directory);
        run("mount", "-t", "tmpfs", "-o", "mode=0700,size=" + megabytes + "m", "fyvault-proof", directory.toString());
        return new SmallDisk(directory, megabytes);
    }

    public Path directory() {
        return directory;
    }

    /** Takes whatever space is left: writes until the disk has refused. */
    public void fill() {
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        try (FileChannel filler =
                FileChannel.open(directory.resolve("filler"), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            while (true) {
                var _ = filler.write(block.clear());
            }
        } catch (IOException refused) {
            if (!String.valueOf(refused.getMessage()).contains(FULL)) {
                throw new UncheckedIOException(refused);
            }
        }
    }

    /** Makes it larger under whoever uses it. */
    public void grow(int more) {
        megabytes += more;
        try {
            run("mount", "-o", "remount,size=" + megabytes + "m", directory.toString());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Unmounts it, at once or as soon as the last file on it is closed. */
    @Override
    public void close() {
        try {
            run("umount", "--lazy", directory.toString());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.onExit().join().exitValue() != 0) {
            throw new IOException(said);
        }
    }
}
