package com.fyvault.scan;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The contents that git keeps, by their ids, each read into one buffer that grows to the largest allowed. */
final class GitBlobs implements AutoCloseable {
    private static final int FIRST_BUFFER = 256 * 1024;
    private static final String TOO_LARGE = "larger than " + Search.LARGEST + " bytes";

    private final Git git;
    private final @Nullable Git sizes;
    private final Search search;
    private byte[] buffer = new byte[FIRST_BUFFER];

    GitBlobs(Path directory, Search search) {
        this.git = Git.start(directory, "cat-file", "--batch");
        this.sizes = null;
        this.search = search;
    }

    /** Of a repository of strangers: asks for the size first, for what is too large may also be too large to unpack. */
    GitBlobs(Path directory, Search search, Git.Starter starter) {
        this.git = starter.start(directory, "cat-file", "--batch");
        this.sizes = starter.start(directory, "cat-file", "--batch-check");
        this.search = search;
    }

    void look(String id, Place place) throws IOException {
        if (sizes != null && ask(sizes, id, place) > Search.LARGEST) {
            search.passOver(place.path(), TOO_LARGE);
            return;
        }
        long size = ask(git, id, place);
        if (size < 0) {
            return;
        }
        if (size > Search.LARGEST) {
            git.out.skipNBytes(size + 1);
            search.passOver(place.path(), TOO_LARGE);
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

    /** The size of a content; -1 when there is none, which is noted unless it will be asked for again. */
    private long ask(Git asked, String id, Place place) throws IOException {
        asked.in.write((id + "\n").getBytes(StandardCharsets.US_ASCII));
        asked.in.flush();
        @Nullable String head = asked.until('\n');
        if (head == null) {
            throw new ScanError("git cat-file has ended");
        }
        String[] words = head.split(" ");
        if (words.length != 3) {
            if (asked == git) {
                search.fail(place.path(), "git does not have its content " + id);
            }
            return -1;
        }
        return Long.parseLong(words[2]);
    }

    @Override
    public void close() throws IOException {
        if (sizes != null) {
            sizes.in.close();
            sizes.close();
        }
        git.in.close();
        git.close();
    }
}
