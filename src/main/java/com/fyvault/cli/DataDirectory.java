package com.fyvault.cli;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** Where the development server keeps everything. */
final class DataDirectory {
    private DataDirectory() {}

    /** The directory for this process alone, until it ends; null when another one has it. */
    static @Nullable FileLock tryLock(Path directory) throws IOException {
        FileChannel channel =
                FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        return channel.tryLock();
    }

    static Path rootKey(Path directory) {
        return directory.resolve("root.key");
    }
}
