package com.fyvault.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which files are looked at, and what is said of the others. */
class SearchTest {
    private final String secret = new Samples(4).draw("github-pat");

    @TempDir
    Path directory;

    @Test
    void looksIntoEveryDirectoryButGitsOwn() throws IOException {
        write("a/b/.env", secret);
        write("a/.hidden/c.txt", secret);
        write(".git/config", secret);
        write("a/.git/config", secret);
        assertThat(look(directory).findings())
                .extracting(finding ->
                        directory.relativize(Path.of(finding.place().path())).toString())
                .containsExactlyInAnyOrder("a/b/.env", "a/.hidden/c.txt");
        assertThat(look(directory.resolve("a/b/.env")).findings()).hasSize(1);
    }

    @Test
    void doesNotFollowLinks() throws IOException {
        Path outside = Files.createDirectories(directory.resolve("outside"));
        write("outside/a.txt", secret);
        Path inside = Files.createDirectories(directory.resolve("inside"));
        var _ = Files.createSymbolicLink(inside.resolve("link"), outside);
        var _ = Files.createSymbolicLink(inside.resolve("a.txt"), outside.resolve("a.txt"));
        assertThat(look(inside).findings()).isEmpty();
        assertThat(look(inside).contents()).isZero();
        // What is named itself is meant.
        assertThat(look(inside.resolve("link")).findings()).hasSize(1);
    }

    @Test
    void countsWhatIsNoText() throws IOException {
        write("a.bin", "x\0" + secret);
        write("b.txt", "x".repeat(8000) + "\0 " + secret);
        Search.Result result = look(directory);
        assertThat(result.binary()).isEqualTo(1);
        assertThat(result.findings()).hasSize(1);
    }

    @Test
    void readsTwoBytesACharacter() throws IOException {
        for (Charset charset : new Charset[] {StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE}) {
            var _ = Files.write(directory.resolve("a.ps1"), ("\ufeff\n" + secret).getBytes(charset));
            assertThat(look(directory).findings()).extracting(Finding::line).containsExactly(2);
        }
    }

    @Test
    void looksAtFilesUpToTheLimit() throws IOException {
        Path file = directory.resolve("a.txt");
        fill(file, Search.LARGEST);
        assertThat(look(directory).findings()).hasSize(1);
        fill(file, Search.LARGEST + 1);
        Search.Result result = look(directory);
        assertThat(result.findings()).isEmpty();
        assertThat(result.passedOver()).isEqualTo(1);
        assertThat(result.failed()).isFalse();
        assertThat(result.named().get(0)).contains("larger than");
    }

    @Test
    void saysWhatIsNotThere() {
        assertThatThrownBy(() -> look(directory.resolve("none")))
                .isInstanceOf(ScanError.class)
                .hasMessageContaining("there is no");
    }

    /** So many bytes of text, with the secret at the very end. */
    private void fill(Path file, int size) throws IOException {
        byte[] line = ("x".repeat(1023) + "\n").getBytes(StandardCharsets.US_ASCII);
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            for (int at = 0; at < size; at += line.length) {
                out.write(line);
            }
            out.setLength(size);
            out.seek(size - secret.length() - 1);
            out.write(("\n" + secret).getBytes(StandardCharsets.US_ASCII));
        }
    }

    private void write(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        var _ = Files.createDirectories(file.getParent());
        var _ = Files.writeString(file, text);
    }

    private static Search.Result look(Path path) {
        Search search = new Search(RuleSet.own());
        new FileTree(search).look(path);
        return search.result();
    }
}
