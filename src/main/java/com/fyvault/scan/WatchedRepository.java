package com.fyvault.scan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A repository that is looked at again and again, each time only at the commits that are new.
///
/// A visit fetches into a mirror and looks through what the mirror has beyond the commits that are noted as looked at.
/// They are noted after what was found in them was reported, so a visit that is cut short anywhere, by its limits or
/// by a crash, is gone on with from there: nothing is missed, and what is reported twice is the same report.
public final class WatchedRepository {
    /// What a visit may take.
    ///
    /// @param bytes of the mirror
    /// @param gitConfig the settings that git reads, besides its own
    public record Limits(long bytes, Duration time, Path gitConfig) {}

    /// What came of a visit.
    ///
    /// @param commits that were looked through
    /// @param failure why it did not come to its end, or null
    public record Visit(
            Search.Result result, long commits, @Nullable String failure) {}

    /// How often it is noted how far a visit has come.
    private static final long BETWEEN_NOTES = TimeUnit.SECONDS.toNanos(5);

    private final Source source;
    private final Path directory;
    private final Limits limits;
    private final RuleSet rules;
    private volatile @Nullable Confined running;

    /// @param directory its own, which is made
    public WatchedRepository(Source source, Path directory, Limits limits, RuleSet rules) {
        this.source = source;
        this.directory = directory;
        this.limits = limits;
        this.rules = rules;
    }

    /// Looks at what is new.
    public Visit visit(Reporter reporter) {
        try {
            var _ = Files.createDirectories(directory);
        } catch (IOException broken) {
            throw new ScanError("cannot make " + directory + ": " + broken.getMessage(), broken);
        }
        Path mirror = directory.resolve("mirror.git").toAbsolutePath();
        Confined git = new Confined(mirror, source.protocol(), limits.gitConfig(), limits.time());
        running = git;
        try {
            return new Run(new GitMirror(mirror, git), git, reporter).visit();
        } finally {
            git.end();
            running = null;
        }
    }

    /// Ends what a visit has started, when the program ends.
    public void stop() {
        @Nullable Confined git = running;
        if (git != null) {
            git.end();
        }
    }

    /// The time of the visit is up.
    private static final class Late extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private final class Run {
        private final GitMirror mirror;
        private final Confined git;
        private final Batch batch;
        private final Search search;
        private final Scanned scanned = Scanned.read(directory.resolve("scanned"));
        private long commits;
        private long noted = System.nanoTime();

        Run(GitMirror mirror, Confined git, Reporter reporter) {
            this.mirror = mirror;
            this.git = git;
            this.batch = new Batch(reporter);
            this.search = new Search(rules, batch);
        }

        Visit visit() {
            try {
                mirror.fetch(source, limits.bytes());
            } catch (ScanError refused) {
                return done(git.isOver() ? "took longer than it may" : String.valueOf(refused.getMessage()));
            }
            try {
                new GitHistory(search, git).lookSince(mirror.directory(), scanned.tips(), this::passed);
                note();
                scanned.replace(mirror.tips());
                scanned.write();
            } catch (Late late) {
                return done("took longer than it may, and goes on there next time");
            } catch (ReportRefused refused) {
                return done(String.valueOf(refused.getMessage()));
            } catch (ScanError broken) {
                if (git.isOver()) {
                    return done("took longer than it may, and goes on there next time");
                }
                mirror.discard();
                return done(broken.getMessage() + ": " + git.complaint());
            }
            return done(null);
        }

        private void passed(String commit, List<String> parents) {
            scanned.add(commit, parents);
            commits++;
            if (git.isOver() || System.nanoTime() - noted > BETWEEN_NOTES) {
                note();
                if (git.isOver()) {
                    throw new Late();
                }
            }
        }

        private void note() {
            batch.flush();
            scanned.write();
            noted = System.nanoTime();
        }

        private Visit done(@Nullable String failure) {
            return new Visit(search.result(), commits, failure);
        }
    }

    /// Names that are fit for a directory.
    public static boolean isName(String name) {
        return name.matches("[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}");
    }

    /// Thrown by reporters: what was found was not taken, which is no fault of the repository.
    public static final class ReportRefused extends ScanError {
        private static final long serialVersionUID = 1L;

        public ReportRefused(String message) {
            super(message);
        }
    }
}
