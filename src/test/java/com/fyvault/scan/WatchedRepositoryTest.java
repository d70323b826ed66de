package com.fyvault.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import com.fyvault.support.SeededRandom;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A watched repository: only what is new is looked at, and nothing is lost. */
class WatchedRepositoryTest extends RepositoryTest {
    private static final long BYTES = 512L * 1024 * 1024;
    private static final Duration TIME = Duration.ofMinutes(2);

    private final List<String> reported = new ArrayList<>();

    private void report(List<Candidate> candidates) {
        candidates.forEach(one -> reported.add(new String(one.secret(), StandardCharsets.UTF_8)));
    }

    private WatchedRepository watched(long bytes, Duration time) {
        return new WatchedRepository(
                Source.parse(repository.directory().toString()),
                directory.resolve("watch"),
                new WatchedRepository.Limits(bytes, time, Path.of("/dev/null")),
                RuleSet.own());
    }

    private WatchedRepository.Visit visit() {
        return watched(BYTES, TIME).visit(this::report);
    }

    private static void whole(WatchedRepository.Visit visit, long commits) {
        assertThat(visit.failure()).isNull();
        assertThat(visit.commits()).isEqualTo(commits);
    }

    @Test
    void aSecondVisitLooksOnlyAtWhatIsNew() throws IOException {
        String first = token();
        String second = token();
        var _ = repository.write("a.txt", "key = " + first).commit("one");
        var _ = repository.write("b.txt", "nothing").commit("two");
        whole(visit(), 2);
        assertThat(reported).containsExactly(first);
        whole(visit(), 0);
        var _ = repository.git("checkout", "-q", "-b", "side");
        var _ = repository.write("c.txt", "key = " + second).commit("three");
        whole(visit(), 1);
        assertThat(reported).containsExactly(first, second);
    }

    @Test
    void aHistoryThatWasWrittenAnewIsLookedAtFromWhereItDiffers() throws IOException {
        var _ = repository.write("a.txt", "a").commit("one");
        var _ = repository.write("a.txt", "b").commit("two");
        whole(visit(), 2);
        String late = token();
        var _ = repository.git("reset", "-q", "--hard", "HEAD~1");
        var _ = repository.write("a.txt", late).commit("another two");
        whole(visit(), 1);
        assertThat(reported).containsExactly(late);
        whole(visit(), 0);
    }

    @Test
    void whatWasNotTakenIsReportedAgain() throws IOException {
        String token = token();
        var _ = repository.write("a.txt", token).commit("one");
        WatchedRepository.Visit refused = watched(BYTES, TIME).visit(candidates -> {
            throw new WatchedRepository.ReportRefused("not now");
        });
        assertThat(refused.failure()).isEqualTo("not now");
        whole(visit(), 1);
        assertThat(reported).containsExactly(token);
    }

    @Test
    void theSecretsAreClearedOnceTheyAreReported() throws IOException {
        var _ = repository.write("a.txt", token()).commit("one");
        List<Candidate> kept = new ArrayList<>();
        whole(watched(BYTES, TIME).visit(kept::addAll), 1);
        assertThat(kept).hasSize(1);
        assertThat(kept.get(0).secret()).containsOnly(0);
        assertThat(kept.get(0).toString()).isEqualTo(kept.get(0).finding().toString());
    }

    @Test
    void whatAGitThatWasKilledLeftBehindIsNoHindrance() throws IOException {
        var _ = repository.write("a.txt", "a").commit("one");
        whole(visit(), 1);
        Path mirror = directory.resolve("watch/mirror.git");
        for (String left :
                List.of("HEAD.lock", "packed-refs.lock", "refs/heads/main.lock", "objects/pack/tmp_pack_x")) {
            var _ = Files.writeString(mirror.resolve(left), "");
        }
        String token = token();
        var _ = repository.write("a.txt", token).commit("two");
        whole(visit(), 1);
        assertThat(reported).containsExactly(token);
        Files.delete(mirror.resolve("HEAD"));
        whole(visit(), 0);
    }

    @Test
    void aRepositoryThatIsTooLargeStaysSmallHere() throws IOException {
        byte[] noise = new SeededRandom(3).bytes(8 * 1024 * 1024);
        var _ = Files.write(repository.directory().resolve("noise"), noise);
        var _ = repository.commit("one");
        WatchedRepository.Visit visit = watched(1024 * 1024, TIME).visit(this::report);
        assertThat(visit.failure()).contains("git fetch failed");
        assertThat(size(directory.resolve("watch"))).isLessThan(2 * 1024 * 1024);
        whole(visit(), 1);
    }

    @Test
    void aVisitThatTakesTooLongGoesOnWhereItWas() throws IOException {
        int commits = 400;
        repository.importCommits(commits, i -> "x".repeat(500_000) + i + (i % 100 == 0 ? " " + token() : ""));
        long seen = 0;
        int visits = 0;
        WatchedRepository.Visit visit;
        do {
            visit = watched(BYTES, Duration.ofMillis(400L + 200L * visits)).visit(this::report);
            seen += visit.commits();
            visits++;
        } while (visit.failure() != null && visits < 100);
        Figures.print(new Figures.Line(
                "watch",
                "visits that are cut short",
                visits - 1,
                commits,
                Math.max(0, commits - seen),
                "visits=" + visits + " looked at again=" + (seen - commits)));
        assertThat(visit.failure()).isNull();
        assertThat(seen).isGreaterThanOrEqualTo(commits);
        assertThat(reported.stream().distinct()).hasSize(4);
        whole(visit(), 0);
    }

    @Test
    void lookAlikesCostTheirChecksumAndNothingElse() throws IOException {
        int files = Lane.count(20, 4);
        int each = 50_000;
        String last = token();
        for (int file = 0; file < files; file++) {
            StringBuilder text = new StringBuilder(each * 60);
            for (int i = 0; i < each; i++) {
                String real = token();
                text.append(real, 0, real.length() - 1)
                        .append(real.endsWith("0") ? '1' : '0')
                        .append('\n');
            }
            var _ = repository.write("f" + file, text + (file == files - 1 ? last : ""));
        }
        var _ = repository.commit("one");
        long begun = System.nanoTime();
        whole(visit(), 1);
        Figures.print(new Figures.Line(
                "watch",
                "look-alikes in a repository",
                (long) files * each,
                (long) files * each,
                reported.size() - 1,
                "reported=" + reported.size() + " ms=" + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun)));
        assertThat(reported).containsExactly(last);
    }

    @Test
    void onlyAddressesThatAreNoCommandsAreTaken() {
        for (String wrong : List.of(
                "ext::sh -c id",
                "ext::id",
                "git://example.com/a.git",
                "http://example.com/a.git",
                "file:///tmp",
                "--upload-pack=id",
                "../relative",
                "/no/such/directory",
                "https://user:password@example.com/a.git",
                "https://example.com/a.git?x=1",
                "https://example.com/",
                "https:///a.git",
                "ssh://-oProxyCommand=id/a.git",
                "ssh://-oProxyCommand=id@example.com/a.git",
                "ssh://git:password@example.com/a.git",
                "git@example.com:a.git",
                "https://example.com/a b",
                "https://example.com/\u001b")) {
            assertThatThrownBy(() -> Source.parse(wrong)).as(wrong).isInstanceOf(ScanError.class);
        }
        assertThat(Source.parse("https://example.com/a.git").protocol()).isEqualTo("https");
        assertThat(Source.parse("ssh://git@example.com:2222/a.git").protocol()).isEqualTo("ssh");
        assertThat(Source.parse(directory.toString()).protocol()).isEqualTo("file");
    }

    private static long size(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }
}
