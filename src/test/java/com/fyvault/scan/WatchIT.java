package com.fyvault.scan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.Main;
import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import com.fyvault.support.TestServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** `fyvault watch` as a process, against a real server and a real repository. */
class WatchIT extends RepositoryTest {
    private static final String VALUE = "/secrets/by-name/API_KEY/value";
    private static final int KILLS = Lane.count(30, 4);
    private static final int PLANTED = 40;

    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        server = TestServer.start();
        server.createSecret("API_KEY", "s3cret of the watcher");
        var _ = Files.writeString(directory.resolve("key"), server.ownerKey() + "\n");
        var _ = Files.writeString(directory.resolve("watch.properties"), """
                directory=%s
                every=1s
                server=%s/api/v1
                organization=%s
                key.file=%s
                repository.backend=%s
                """.formatted(
                        directory.resolve("watch"),
                        server.url(),
                        server.orgId(),
                        directory.resolve("key"),
                        repository.directory()));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String key(String label) {
        return server.key(new JsonObject().put("label", label).put("scopes", new JsonArray().add("SECRETS_READ")))
                .getString("token");
    }

    private Process watch(String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "watch",
                "--config",
                directory.resolve("watch.properties").toString()));
        command.addAll(List.of(more));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("said").toFile())
                .start();
    }

    private String said() throws IOException {
        return Files.readString(directory.resolve("said"), StandardCharsets.UTF_8);
    }

    private int once(String... more) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("--once"));
        arguments.addAll(List.of(more));
        Process process = watch(arguments.toArray(String[]::new));
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        return process.exitValue();
    }

    private long notices() {
        return server.database().count("select count(*) from notice where kind in ('key.leaked', 'secret.leaked')");
    }

    @Test
    void whatIsOursIsEndedAndTheRestIsListed() throws IOException, InterruptedException {
        String live = key("deploy");
        String stored = "sk_live_4eC39HqLyjWDarjtT1zdp7dc"; // fyvault:allow
        server.createSecret("STRIPE", stored);
        String foreign = token();
        var _ = repository.write("a.txt", "key = " + live + "\n").commit("one");
        var _ = repository
                .write("src/b.txt", "\nstripe = \"" + stored + "\"\nother = " + foreign + "\n")
                .commit("two");
        assertThat(once()).as(said()).isEqualTo(1);
        assertThat(server.api(live).get(VALUE).code()).isEqualTo("TOKEN_REVOKED");
        assertThat(server.api().get(VALUE).status()).isEqualTo(200);
        assertThat(notices()).isEqualTo(2);
        assertThat(said())
                .contains("a.txt:1  YOURS: API_KEY deploy")
                .contains("src/b.txt:2  YOURS: SECRET STRIPE")
                .contains("src/b.txt:3:9")
                .contains("backend: 2 new commits, 3 findings")
                .doesNotContain(live, stored, foreign);
        assertThat(once()).as(said()).isZero();
        var _ = repository.write("c.txt", "nothing").commit("three");
        assertThat(once("--format=json")).as(said()).isZero();
        var _ = repository.write("d.txt", "again " + live).commit("four");
        assertThat(once("--format=json")).as(said()).isEqualTo(1);
        assertThat(said().lines().map(JsonObject::new).map(line -> line.getString("yours")))
                .hasSize(2)
                .anyMatch(yours -> yours != null && yours.contains("deploy"));
        assertThat(notices()).isEqualTo(2);
    }

    @Test
    void aKeyIsDeadSoonAfterItsCommit() throws IOException, InterruptedException {
        var _ = repository.write("a.txt", "nothing").commit("one");
        Process process = watch();
        try {
            int rounds = Lane.count(20, 5);
            long[] nanos = new long[rounds];
            for (int round = 0; round < rounds; round++) {
                String live = key("round " + round);
                var _ = repository.write("a.txt", "key = " + live).commit("round");
                long begun = System.nanoTime();
                while (server.api(live).get(VALUE).status() == 200) {
                    assertThat(process.waitFor(20, TimeUnit.MILLISECONDS))
                            .as(said())
                            .isFalse();
                    assertThat(System.nanoTime() - begun).as(said()).isLessThan(TimeUnit.SECONDS.toNanos(30));
                }
                nanos[round] = System.nanoTime() - begun;
            }
            Figures.print(new Figures.Line(
                    "watch",
                    "a key is dead after its commit, every 1 s",
                    rounds,
                    rounds,
                    Math.abs(notices() - rounds),
                    Figures.spread(nanos)));
            assertThat(notices()).isEqualTo(rounds);
            assertThat(once()).isEqualTo(2);
        } finally {
            process.destroy();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** The same report from a build, which needs no directory of its own. */
    @Test
    void aScanReportsAsWell() throws IOException, InterruptedException {
        String live = key("build");
        var _ = repository.write("a.txt", "key = " + live + "\n").commit("one");
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "scan",
                        "--git",
                        "--report",
                        repository.directory().toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("said").toFile());
        builder.environment().put("FYVAULT_BASE_URL", server.url() + "/api/v1");
        builder.environment().put("FYVAULT_ORG_ID", server.orgId().toString());
        builder.environment().put("FYVAULT_API_KEY", server.ownerKey());
        Process process = builder.start();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(said()).isEqualTo(1);
        assertThat(said()).contains("a.txt:1 is yours: API_KEY build").doesNotContain(live);
        assertThat(server.api(live).get(VALUE).code()).isEqualTo("TOKEN_REVOKED");
        assertThat(notices()).isEqualTo(1);
        builder.environment().put("FYVAULT_API_KEY", live);
        Process refused = builder.start();
        assertThat(refused.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(refused.exitValue()).as(said()).isEqualTo(2);
        assertThat(said()).contains("401");
    }

    /** Every 20th commit brings a key. */
    private void plant(List<String> planted, int commits) throws IOException {
        repository.importCommits(
                commits,
                i -> "line of text\n".repeat(4_000) + i + (i % 20 == 0 ? "\nkey = " + planted.get(i / 20 - 1) : ""));
    }

    @Test
    void aWatcherThatIsKilledMissesNothingAndTellsNothingTwice() throws IOException, InterruptedException {
        List<String> planted = new ArrayList<>();
        for (int i = 0; i < PLANTED; i++) {
            planted.add(key("planted " + i));
        }
        int commits = 20 * PLANTED;
        plant(planted, commits);
        long longest = 1_500;
        int killed = 0;
        for (int i = 0; i < KILLS; i++) {
            Process process = watch("--once");
            if (process.waitFor(200 + random.nextLong(longest), TimeUnit.MILLISECONDS)) {
                // It was done already: what it has noted is thrown away, so that the next one begins again.
                Files.deleteIfExists(directory.resolve("watch/backend/scanned"));
                longest = Math.max(300, longest * 3 / 4);
            } else {
                var _ = process.destroyForcibly();
                killed++;
                assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            }
        }
        int code = once();
        assertThat(code).as(said()).isBetween(0, 1);
        long alive = planted.stream()
                .filter(token ->
                        !"TOKEN_REVOKED".equals(server.api(token).get(VALUE).code()))
                .count();
        Figures.print(new Figures.Line(
                "watch",
                "kill -9 of a watcher",
                killed,
                PLANTED,
                alive + Math.abs(notices() - PLANTED),
                "commits=" + commits + " notices=" + notices()));
        assertThat(alive).isZero();
        assertThat(notices()).isEqualTo(PLANTED);
        assertThat(once()).as(said()).isZero();
    }
}
