package com.fyvault.scan;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The contents that git keeps, by their ids, each read into one buffer that grows to the largest allowed. */
final class GitBlobs implements AutoCloseable {
    private static final int FIRST_BUFFER = 256 * 1024;

    private final Git git;
    private final Search search;
    private byte[] buffer = new byte[FIRST_BUFFER];

    GitBlobs(Path directory, Search search) {
        this.git = Git.start(directory, "cat-file", "--batch");
        this.search = search;
    }

    void look(String id, Place place) throws IOException {
        git.in.write((id + "\n").getBytes(StandardCharsets.US_ASCII));
        git.in.flush();
        @Nullable String head = git.until('\n');
        if (head == null) {
            throw new ScanError("git cat-file has ended");
        }
        String[] words = head.split(" ");
        if (words.length != 3) {
            search.fail(place.path(), "git does not have its content " + id);
            return;
        }
        long size = Long.parseLong(words[2]);
        if (size > Search.LARGEST) {
            git.out.skipNBytes(size + 1);
            search.passOver(place.path(), "larger than " + Search.LARGEST + " bytes");
            return;
        }
        int length = (int) size;
        if (length > buffer.length) {
            buffer = new byte[Math.max(length, Math.min(Search.LARGEST, 2 * buffer.length))];
        }
        if (git.out.readNBytes(buffer, 0, length) < length) {
            throw new ScanError("git cat-file has ended");
        }
        git.out.skipNBytes(1);
        search.look(buffer, length, place);
    }

    @Override
    public void close() throws IOException {
        git.in.close();
        git.close();
    }
}
