package com.fyvault.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real git. */
class GitHistoryTest {
    private final Samples samples = new Samples(99);

    @TempDir
    Path directory;

    /** A commit plants a secret in a file of its own and takes the one of the commit before away: none is left at the end but one. */
    @Test
    void findsEveryPlantedSecretOfAHistory() throws IOException {
        List<String> rules = List.copyOf(samples.templates().keySet());
        int commits = Lane.count(2 * rules.size(), 1000);
        Repository repository = Repository.create(directory);
        Set<String> planted = new HashSet<>();
        repository.importStream(history(rules, commits, planted));
        long began = System.nanoTime();
        Search.Result result = look(repository.directory());
        long millis = (System.nanoTime() - began) / 1_000_000;
        Set<String> found = new HashSet<>();
        for (Finding finding : result.findings()) {
            Place place = finding.place();
            assertThat(place.commit()).hasSize(40);
            assertThat(place.author()).isEqualTo("Ada <ada@example.com>");
            found.add(finding.rule() + " " + place.path() + ":" + finding.line() + " " + place.date());
        }
        Set<String> missed = new HashSet<>(planted);
        missed.removeAll(found);
        Figures.print(new Figures.Line(
                "I5.4",
                "planted secrets of a git history",
                planted.size(),
                commits,
                missed.size(),
                rules.size() + " formats, " + (result.findings().size() - planted.size()) + " false, " + millis
                        + " ms, " + result.contents() + " contents"));
        assertThat(missed).isEmpty();
        assertThat(result.findings()).hasSize(planted.size());
        assertThat(result.failed()).isFalse();
    }

    private byte[] history(List<String> rules, int commits, Set<String> planted) {
        Random random = new Random(1);
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        for (int commit = 0; commit < commits; commit++) {
            String rule = rules.get(commit % rules.size());
            int lines = random.nextInt(60);
            String path = "src/dir " + commit % 7 + "/file-" + commit + ".txt";
            String text = "some = ordinary(line, of, source);\n".repeat(lines) + "key: \"" + samples.draw(rule) + "\"\n"
                    + "more\n".repeat(random.nextInt(20));
            long second = 1_700_000_000L + commit;
            planted.add(rule + " " + path + ":" + (lines + 1) + " "
                    + Instant.ofEpochSecond(second).toString().replace("Z", "+00:00"));
            byte[] content = text.getBytes(StandardCharsets.UTF_8);
            String head = "commit refs/heads/main\ncommitter Ada <ada@example.com> " + second + " +0000\ndata 1\nx\n"
                    + (commit == 0 ? "" : "D \"src/dir " + (commit - 1) % 7 + "/file-" + (commit - 1) + ".txt\"\n")
                    + "M 100644 inline \"" + path + "\"\ndata " + content.length + "\n";
            stream.writeBytes(head.getBytes(StandardCharsets.UTF_8));
            stream.writeBytes(content);
            stream.writeBytes("\n".getBytes(StandardCharsets.UTF_8));
        }
        return stream.toByteArray();
    }

    @Test
    void saysWhichCommitBroughtItAndOnlyOnce() throws IOException {
        String secret = samples.draw("github-pat");
        Repository repository = Repository.create(directory).write("a.txt", "nothing");
        var _ = repository.commit("first");
        String second = repository.write("a.txt", "x\n" + secret).commit("second");
        var _ = repository.write("a.txt", "x\ny\n" + secret).commit("third");
        var _ = repository.write("a.txt", "gone").commit("fourth");
        List<Finding> findings = look(directory).findings();
        assertThat(findings).hasSize(1);
        assertThat(findings.get(0).place().commit()).isEqualTo(second);
        assertThat(findings.get(0).line()).isEqualTo(2);
    }

    @Test
    void looksAtEveryBranchAndAtWhatAMergeBrings() throws IOException {
        Repository repository = Repository.create(directory).write("a.txt", "one");
        var _ = repository.commit("first");
        var _ = repository.git("checkout", "-q", "-b", "side");
        String aside = repository.write("side.txt", samples.draw("npm-token")).commit("side");
        var _ = repository.git("checkout", "-q", "main");
        var _ = repository.write("a.txt", "two").commit("main");
        var _ = repository.git("merge", "-q", "--no-commit", "side");
        String merge =
                repository.write("merged.txt", samples.draw("github-oauth")).commit("merge");
        var _ = repository.git("checkout", "-q", "-b", "other");
        String other = repository
                .write("\u00fc \"x\"\ty.txt", samples.draw("stripe-secret-key"))
                .commit("other");
        var _ = repository.git("checkout", "-q", "main");
        assertThat(look(directory).findings())
                .extracting(finding ->
                        finding.place().commit() + " " + finding.place().path())
                .containsExactlyInAnyOrder(aside + " side.txt", merge + " merged.txt", other + " \u00fc \"x\"\ty.txt");
    }

    @Test
    void looksAtWhatIsStagedAndNotAtWhatLiesAround() throws IOException {
        Repository repository = Repository.create(directory).write("a.txt", samples.draw("npm-token"));
        assertThat(staged().findings()).isEmpty();
        var _ = repository.git("add", "-A");
        assertThat(staged().findings()).hasSize(1);
        // What is staged counts, not what the file has become since.
        var _ = repository.write("a.txt", "clean");
        assertThat(staged().findings()).hasSize(1);
        var _ = repository.git("add", "-A");
        assertThat(staged().findings()).isEmpty();
        var _ = repository.write("a.txt", samples.draw("npm-token")).commit("first");
        assertThat(staged().findings()).isEmpty();
        var _ = repository.git("rm", "-q", "a.txt");
        assertThat(staged().contents()).isZero();
    }

    @Test
    void saysThatThereIsNoRepository() {
        assertThatThrownBy(() -> look(directory)).isInstanceOf(ScanError.class);
    }

    private Search.Result staged() {
        Search search = new Search(RuleSet.own());
        new GitHistory(search).lookAtStaged(directory);
        return search.result();
    }

    private static Search.Result look(Path directory) {
        Search search = new Search(RuleSet.own());
        new GitHistory(search).look(directory);
        return search.result();
    }
}
