package com.fyvault.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.Main;
import com.fyvault.crypto.Sha256;
import com.fyvault.support.SeededRandom;
import com.fyvault.tokens.TokenFormat;
import com.fyvault.tokens.TokenKind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** `fyvault scan` as a person or a build calls it: what it prints, and its exit codes. */
class ScanCommandTest {
    private final String secret = TokenFormat.draw(TokenKind.API_KEY.prefix(), new SeededRandom(5));

    @TempDir
    Path directory;

    private record Ran(int code, String out, String err) {}

    @Test
    void exitsWith0WhenAllIsClean() throws IOException {
        var _ = Files.writeString(directory.resolve("a.txt"), "nothing");
        Ran ran = scan(directory.toString());
        assertThat(ran.code()).isZero();
        assertThat(ran.out()).startsWith("no secrets in 1 files");
    }

    @Test
    void exitsWith1OrWhatIsAskedForWhenSomethingWasFound() throws IOException {
        var _ = Files.writeString(directory.resolve("a.txt"), secret);
        assertThat(scan(directory.toString()).code()).isEqualTo(1);
        assertThat(scan("--exit-code=7", directory.toString()).code()).isEqualTo(7);
        assertThat(scan("--exit-code=0", directory.toString()).code()).isZero();
        for (String format : List.of("text", "json", "sarif")) {
            Ran ran = scan("--format", format, directory.toString());
            assertThat(ran.out()).contains("fyvault-api-key").doesNotContain(secret);
        }
    }

    @Test
    void exitsWith2WhenItCannotLook() throws IOException {
        assertThat(scan(directory.resolve("none").toString()).code()).isEqualTo(2);
        assertThat(scan().code()).isEqualTo(2);
        assertThat(scan("--format=xml", directory.toString()).code()).isEqualTo(2);
        assertThat(scan("--git", "--staged").code()).isEqualTo(2);
        assertThat(scan("--git", directory.toString()).code()).isEqualTo(2);
        assertThat(scan("--nonsense").code()).isEqualTo(2);
        assertThat(scan("--exit-code=256", directory.toString()).code()).isEqualTo(2);
        Path rules = Files.writeString(directory.resolve("rules.toml"), "[[rules]]\nid = 'a'\nregex = '('");
        Ran ran = scan("--rules", rules.toString(), directory.toString());
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).contains("rule a").doesNotContain("\tat ");
    }

    @Test
    void takesRulesOfOnesOwn() throws IOException {
        var _ = Files.writeString(directory.resolve("a.txt"), "acme-q8z1m5x0 " + secret);
        Path rules = Files.writeString(
                directory.resolve("rules.toml"),
                "[[rules]]\nid = 'acme'\nregex = 'acme-[0-9a-z]{8}'\nkeywords = ['acme-']\nweight = 1\n");
        Ran ran = scan("--rules", rules.toString(), directory.resolve("a.txt").toString());
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.out()).contains("acme").doesNotContain("fyvault-api-key");
        assertThat(ran.err()).contains("rule acme: weight is not known");
    }

    /** The hook that is installed keeps a real git from a commit, and lets a clean one through. */
    @Test
    void theHookKeepsASecretOutOfACommit() throws IOException {
        Path repository = Files.createDirectories(directory.resolve("it's a repository"));
        assertThat(git(repository, "init", "-q")).isZero();
        String before = System.setProperty("fyvault.launcher", launcher().toString());
        try {
            assertThat(scan("--install-hook", repository.toString()).code()).isZero();
            assertThat(scan("--install-hook", repository.toString()).code()).isZero();
        } finally {
            if (before == null) {
                System.clearProperty("fyvault.launcher");
            }
        }
        var _ = Files.writeString(repository.resolve("a.txt"), "key = " + secret);
        assertThat(git(repository, "add", "-A")).isZero();
        assertThat(git(repository, "commit", "-q", "-m", "one")).isNotZero();
        var _ = Files.writeString(repository.resolve("a.txt"), "key = ${KEY}");
        assertThat(git(repository, "add", "-A")).isZero();
        assertThat(git(repository, "commit", "-q", "-m", "one")).isZero();
    }

    @Test
    void aHookOfSomebodyElseStays() throws IOException {
        assertThat(git(directory, "init", "-q")).isZero();
        Path hook = Files.writeString(
                Files.createDirectories(directory.resolve(".git/hooks")).resolve("pre-commit"), "#!/bin/sh\ntrue\n");
        byte[] hash = Sha256.hash(Files.readAllBytes(hook));
        Ran ran = scan("--install-hook", directory.toString());
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).contains("is there already").contains("scan --staged");
        assertThat(Sha256.hash(Files.readAllBytes(hook))).isEqualTo(hash);
    }

    /** A script that starts the program as it is under test. */
    private Path launcher() throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        String script = "#!/bin/sh\nexec '" + java + "' -cp '" + System.getProperty("java.class.path") + "' "
                + Main.class.getName() + " \"$@\"\n";
        Path launcher = Files.writeString(directory.resolve("fy'vault"), script);
        return Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static int git(Path repository, String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(List.of("git", "-c", "user.name=Ada", "-c", "user.email=ada@example.com"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(repository.toFile())
                .redirectErrorStream(true)
                .start();
        process.getInputStream().transferTo(new ByteArrayOutputStream());
        try {
            return process.waitFor();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException(interrupted);
        }
    }

    private static Ran scan(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream usualOut = System.out;
        PrintStream usualErr = System.err;
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        try {
            int code = new CommandLine(new ScanCommand()).execute(arguments);
            return new Ran(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(usualOut);
            System.setErr(usualErr);
        }
    }
}
