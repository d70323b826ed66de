package com.fyvault.providers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.ServerTest;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The samples of docs/PROVIDERS.md, run as they stand there against a real server. */
class SamplesIT extends ServerTest {
    private static final Path SAMPLES =
            Path.of(System.getProperty("fyvault.basedir", ".")).resolve("docs/samples");

    private static boolean isThere(String program) {
        return List.of(System.getenv("PATH").split(":")).stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /** Runs one for a provider of its own, and finds what it says it did. */
    private void run(String secret, String... command) throws IOException, InterruptedException {
        TestProvider provider = TestProvider.register(owner, secret);
        String token = owner.post("/providers/" + provider.id() + "/roll", new JsonObject())
                .data()
                .getString("token");
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("FYVAULT_URL", server.url() + "/api/v1");
        builder.environment().put("FYVAULT_ORG", server.orgId().toString());
        builder.environment().put("FYVAULT_PROVIDER", provider.id());
        builder.environment().put("FYVAULT_TOKEN", token);
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        Api.Answer read = owner.get("/secrets/by-name/" + secret + "/value");
        assertThat(read.code()).as(said).isEqualTo("SECRET_REVOKED");
        String id = owner.get("/secrets/by-name/" + secret).data().getString("id");
        assertThat(owner.get("/secrets/" + id + "/versions").list()).hasSize(2);
        assertThat(owner.get("/secrets/" + id + "/trail").list().stream()
                        .map(event -> ((JsonObject) event).getString("event"))
                        // A read that was decided twice has left two records.
                        .distinct())
                .containsExactly("accessed", "revoked", "rotated", "issued");
    }

    @Test
    void curl() throws IOException, InterruptedException {
        Assumptions.assumeTrue(isThere("curl"), "no curl on this machine");
        run("MAIL_KEY", "bash", SAMPLES.resolve("provider.sh").toString());
    }

    @Test
    void node() throws IOException, InterruptedException {
        Assumptions.assumeTrue(isThere("node"), "no node on this machine");
        run("NODE_KEY", "node", SAMPLES.resolve("provider.mjs").toString());
    }

    @Test
    void java() throws IOException, InterruptedException {
        run(
                "JAVA_KEY",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                SAMPLES.resolve("Provider.java").toString());
    }
}
