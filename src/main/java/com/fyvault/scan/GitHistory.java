package com.fyvault.scan;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Every content that any branch, tag or stash of a repository ever had, once each, or those that are staged.
///
/// `git log --raw` names, from the oldest commit on, what each commit brought; `git cat-file` gives the contents. That
/// is faster than reading the patches, for git need not compute them (docs/SCANNING.md has the figures), and a content
/// that comes back under another name is not read again.
public final class GitHistory {
    private static final String ADDED_BY_NONE = "0".repeat(40);
    private static final int MODE_OF_A_SUBMODULE = 0160000;

    private final Search search;
    private final Set<String> seen = new HashSet<>();

    public GitHistory(Search search) {
        this.search = search;
    }

    /** All commits of the repository in or above the directory. */
    public void look(Path directory) {
        follow(
                directory,
                Git.start(
                        directory,
                        "log",
                        "--all",
                        "--reverse",
                        "--raw",
                        // Of a merge only what none of its parents has.
                        "-c",
                        "-z",
                        "--root",
                        "--no-abbrev",
                        "--no-renames",
                        "--no-ext-diff",
                        "--no-textconv",
                        "--format=%H%x09%aI%x09%an <%ae>"));
    }

    /** What the next commit would bring. */
    public void lookAtStaged(Path directory) {
        follow(
                directory,
                Git.start(
                        directory,
                        "diff",
                        "--cached",
                        "--raw",
                        "-z",
                        "--no-abbrev",
                        "--no-renames",
                        "--no-ext-diff",
                        "--no-textconv"));
    }

    private void follow(Path directory, Git names) {
        try (names;
                GitBlobs blobs = new GitBlobs(directory, search)) {
            Place commit = Place.file("");
            for (@Nullable String token = names.until(0); token != null; token = names.until(0)) {
                String line = token.strip();
                if (line.startsWith(":")) {
                    @Nullable String path = names.until(0);
                    look(
                            blobs,
                            line,
                            new Place(path == null ? "" : path, commit.commit(), commit.author(), commit.date()));
                } else if (!line.isEmpty()) {
                    String[] facts = line.split("\t", 3);
                    commit =
                            new Place("", facts[0], facts.length > 2 ? facts[2] : "", facts.length > 1 ? facts[1] : "");
                }
            }
            names.finish();
        } catch (IOException broken) {
            throw new ScanError("git was cut short: " + broken.getMessage(), broken);
        }
    }

    /// A line is `:old-mode new-mode old-id new-id status`, with a colon, a mode and an id more for each further
    /// parent.
    private void look(GitBlobs blobs, String line, Place place) throws IOException {
        int parents = 0;
        while (line.charAt(parents) == ':') {
            parents++;
        }
        String[] words = line.substring(parents).split(" ");
        int mode = Integer.parseInt(words[parents], 8);
        String id = words[2 * parents + 1];
        boolean gone = mode == 0 || ADDED_BY_NONE.startsWith(id.substring(0, 40));
        if (!gone && mode != MODE_OF_A_SUBMODULE && seen.add(id)) {
            blobs.look(id, place);
        }
    }
}
