package com.fyvault.scan;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Every content that any branch, tag or stash of a repository ever had, once each, or those that are staged.
///
/// `git log --raw` names, from the oldest commit on, what each commit brought; `git cat-file` gives the contents. That
/// is faster than reading the patches, for git need not compute them (docs/SCANNING.md has the figures), and a content
/// that comes back under another name is not read again.
public final class GitHistory {
    private static final String ADDED_BY_NONE = "0".repeat(40);
    private static final int MODE_OF_A_SUBMODULE = 0160000;
    private static final List<String> LOG = List.of(
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
            "--format=%H%x09%aI%x09%P%x09%an <%ae>");

    private final Search search;
    private final Git.Starter starter;
    private final Set<String> seen = new HashSet<>();

    /** What has been looked through: a commit after all of its parents. */
    interface Progress {
        /** Everything that the commit brought has been looked at. */
        void passed(String commit, List<String> parents);
    }

    public GitHistory(Search search) {
        this(search, Git::start);
    }

    GitHistory(Search search, Git.Starter starter) {
        this.search = search;
        this.starter = starter;
    }

    /** All commits of the repository in or above the directory. */
    public void look(Path directory) {
        Git names = starter.start(directory, LOG.toArray(String[]::new));
        follow(names, () -> new GitBlobs(directory, search), (commit, parents) -> {});
    }

    /** Those commits of a repository of strangers that none of the known ones descends from, nor is. */
    void lookSince(Path directory, Collection<String> known, Progress progress) {
        List<String> arguments = new ArrayList<>(LOG);
        arguments.addAll(List.of("--topo-order", "--ignore-missing", "--stdin"));
        Git names = starter.start(directory, arguments.toArray(String[]::new));
        try {
            for (String one : known) {
                names.in.write(("^" + one + "\n").getBytes(StandardCharsets.US_ASCII));
            }
            names.in.close();
        } catch (IOException broken) {
            names.close();
            throw new ScanError("git was cut short: " + broken.getMessage(), broken);
        }
        follow(names, () -> new GitBlobs(directory, search, starter), progress);
    }

    /** What the next commit would bring. */
    public void lookAtStaged(Path directory) {
        Git names = starter.start(
                directory,
                "diff",
                "--cached",
                "--raw",
                "-z",
                "--no-abbrev",
                "--no-renames",
                "--no-ext-diff",
                "--no-textconv");
        follow(names, () -> new GitBlobs(directory, search), (commit, parents) -> {});
    }

    private void follow(Git names, Supplier<GitBlobs> contents, Progress progress) {
        try (names;
                GitBlobs blobs = contents.get()) {
            Place commit = Place.file("");
            List<String> parents = List.of();
            for (@Nullable String token = names.until(0); token != null; token = names.until(0)) {
                String line = token.strip();
                if (line.startsWith(":")) {
                    @Nullable String path = names.until(0);
                    look(
                            blobs,
                            line,
                            new Place(path == null ? "" : path, commit.commit(), commit.author(), commit.date()));
                } else if (!line.isEmpty()) {
                    pass(commit, parents, progress);
                    String[] facts = line.split("\t", 4);
                    commit = new Place("", facts[0], fact(facts, 3), fact(facts, 1));
                    parents = fact(facts, 2).isEmpty()
                            ? List.of()
                            : List.of(fact(facts, 2).split(" "));
                }
            }
            names.finish();
            pass(commit, parents, progress);
        } catch (IOException broken) {
            throw new ScanError("git was cut short: " + broken.getMessage(), broken);
        }
    }

    private static void pass(Place place, List<String> parents, Progress progress) {
        @Nullable String commit = place.commit();
        if (commit != null) {
            progress.passed(commit, parents);
        }
    }

    private static String fact(String[] facts, int number) {
        return facts.length > number ? facts[number] : "";
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
