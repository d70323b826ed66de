package com.fyvault.cli;

import static com.fyvault.support.Answers.isRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.Bodies;
import com.fyvault.support.ServerTest;
import com.fyvault.support.TestServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code fyvault org policy --clear}, beside two running nodes. */
class OrgPolicyIT extends ServerTest {
    private static final String FORWARDED = "X-Forwarded-For";
    private static final String GONE = "10.1.2.3";

    private final StringWriter errors = new StringWriter();
    private TestServer second;

    @TempDir
    private Path directory;

    @Override
    protected Map<String, String> settings() {
        return Map.of("http.proxy.depth", "1");
    }

    @BeforeAll
    void prepare() {
        second = server.secondNode();
        server.createSecret("STRIPE", "sk");
    }

    @AfterAll
    void stop() {
        second.close();
    }

    private List<Api> everywhere() {
        return List.of(owner, owner.at(second.url()));
    }

    @Test
    void anOrganizationThatShutEverybodyOutIsOpenAgain() throws IOException {
        JsonObject policy = new JsonObject()
                .put("cidrs", Bodies.texts("10.0.0.0/8"))
                .put("requireSecondFactor", true)
                .put("maxKeyDays", 90);
        assertThat(owner.patch("/policy", policy, FORWARDED, GONE).status()).isEqualTo(200);
        // The addresses are gone: nobody is left who could change it.
        for (Api api : everywhere()) {
            isRefused(api.get("/secrets/by-name/STRIPE/value"), 403, "ADDRESS_NOT_ALLOWED");
            isRefused(api.patch("/policy", new JsonObject()), 403, "ADDRESS_NOT_ALLOWED");
        }
        assertThat(clear("--org", server.orgId().toString(), "--clear"))
                .as(errors.toString())
                .isZero();
        for (Api api : everywhere()) {
            assertThat(api.value("STRIPE")).isEqualTo("sk");
            JsonObject now = api.get("/policy").data();
            assertThat(now.getJsonArray("cidrs")).isEmpty();
            assertThat(now.getBoolean("requireSecondFactor")).isFalse();
            assertThat(now.getValue("maxKeyDays")).isNull();
        }
        JsonObject record =
                owner.get("/audit?action=policy.update&limit=1").list().getJsonObject(0);
        assertThat(record.getJsonObject("actor").getString("kind")).isEqualTo("system");
        assertThat(record.getJsonObject("details").getInteger("cidrs")).isZero();
        assertThat(record.getJsonObject("details").getBoolean("second_factor")).isFalse();
    }

    @Test
    void endsWith1WhereThereIsNoSuchOrganization() throws IOException {
        assertThat(clear("--org", UUID.randomUUID().toString(), "--clear")).isEqualTo(1);
        assertThat(errors.toString()).contains("Organization not found").hasLineCount(1);
    }

    @Test
    void doesNothingUnlessItIsToldTo() throws IOException {
        assertThat(clear("--org", server.orgId().toString())).isEqualTo(2);
        assertThat(clear("--org", server.orgId().toString(), "--clear=false")).isEqualTo(1);
        assertThat(clear("--clear")).isEqualTo(2);
    }

    private int clear(String... arguments) throws IOException {
        Properties properties = new Properties();
        properties.putAll(server.commandSettings(directory.resolve("root.key")));
        Path file = directory.resolve("fyvault.properties");
        try (var writer = Files.newBufferedWriter(file)) {
            properties.store(writer, null);
        }
        errors.getBuffer().setLength(0);
        String[] all = new String[arguments.length + 3];
        all[0] = "policy";
        all[1] = "--config";
        all[2] = file.toString();
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        return new CommandLine(new OrgCommand())
                .setExecutionExceptionHandler(new Failures())
                .setErr(new PrintWriter(errors, true))
                .execute(all);
    }
}
