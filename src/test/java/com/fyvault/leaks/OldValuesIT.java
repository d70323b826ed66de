package com.fyvault.leaks;

import static com.fyvault.support.Answers.created;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.Figures;
import com.fyvault.support.ServerTest;
import com.fyvault.support.TestServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Values that were written before there were fingerprints, or are the one before, are recognised when they turn up. */
class OldValuesIT extends ServerTest {
    private static final String BEHIND = "select count(*) from secret_value where printed_version < current_version";
    /** Two turns and a bit. */
    private static final int MANY = 450;

    private final TestGithub github = new TestGithub();

    @Override
    protected Map<String, String> settings() {
        return Map.of("leaks.github.keys", github.url(), "leaks.fingerprints.interval.millis", "100");
    }

    @AfterAll
    void stopGithub() {
        github.close();
    }

    private List<String> report(String... texts) {
        JsonArray entries = new JsonArray();
        // The same text again is another report: the same bytes are taken once.
        Stream.of(texts)
                .map(TestGithub::entry)
                .map(entry -> entry.put("seen", UUID.randomUUID().toString()))
                .forEach(entries::add);
        Api.Answer answer = github.report(server, entries);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return new JsonArray(answer.text())
                .stream().map(one -> ((JsonObject) one).getString("label")).toList();
    }

    /** As rows of before have none. */
    private void forget(String secretId) {
        UUID id = UUID.fromString(secretId);
        server.database().execute("update secret_version set fingerprint = null where secret_id = ?", id);
        server.database().execute("update secret_value set printed_version = 0 where secret_id = ?", id);
    }

    private void caughtUp() {
        long begun = System.nanoTime();
        while (server.database().count(BEHIND) > 0) {
            assertThat(System.nanoTime() - begun).isLessThan(TimeUnit.SECONDS.toNanos(60));
        }
    }

    private List<JsonObject> records() {
        return owner.get("/audit?action=secret.fingerprint&limit=100").list().stream()
                .map(JsonObject.class::cast)
                .toList();
    }

    @Test
    void aValueOfBeforeIsRecognisedOnceItWasOpened() {
        String value = "sk_before_" + UUID.randomUUID();
        String id = server.createSecret("BEFORE", value);
        forget(id);
        caughtUp();
        assertThat(report(value)).containsExactly("true_positive");
        assertThat(owner.get("/secrets/" + id).data().getBoolean("leaked")).isTrue();
        assertThat(records().toString()).doesNotContain(value);
    }

    @Test
    void manyAreOpenedInTurnsWithARecordEach() {
        long before = records().size();
        for (int i = 0; i < MANY; i++) {
            server.createSecret("MANY" + i, "a value of many, number " + i);
        }
        long turns = records().size();
        assertThat(turns).isEqualTo(before);
        try (TestServer second = server.secondNode()) {
            server.database()
                    .execute(
                            "update secret_version set fingerprint = null where secret_id in (select secret_id from secret"
                                    + " where name like 'MANY%')");
            server.database()
                    .execute(
                            "update secret_value set printed_version = 0 where secret_id in (select secret_id from secret"
                                    + " where name like 'MANY%')");
            caughtUp();
            assertThat(second.orgId()).isEqualTo(server.orgId());
        }
        long without = server.database()
                .count("select count(*) from secret_version x join secret s using (org_id, secret_id)"
                        + " where s.name like 'MANY%' and x.fingerprint is null");
        List<JsonObject> made =
                records().stream().limit(records().size() - before).toList();
        long opened = made.stream()
                .mapToLong(one -> one.getJsonObject("details").getLong("opened"))
                .sum();
        Figures.print(new Figures.Line(
                "leaks",
                "values of before, opened for a fingerprint, two nodes",
                0,
                opened,
                without + Math.abs(opened - MANY),
                "records=" + made.size()));
        assertThat(without).isZero();
        assertThat(opened).isEqualTo(MANY);
        assertThat(made).hasSize(3);
        assertThat(report("a value of many, number 0", "a value of many, number 449"))
                .containsExactly("true_positive", "true_positive");
    }

    @Test
    void whatAClientEncryptedOrDoesNotOpenIsLeftAlone() {
        JsonObject client = new JsonObject()
                .put("name", "CLIENTS")
                .put("encryptionMode", "client")
                .put("clientEncryptedValue", "what the client has encrypted");
        String clients = created(owner.post("/secrets", client)).getString("id");
        String brief = server.createSecret("BRIEF", "brief");
        String broken = server.createSecret("BROKEN", "a value that is broken then");
        server.database()
                .execute(
                        "update secret_version set envelope = set_byte(envelope, 90, get_byte(envelope, 90) # 1) where secret_id = ?",
                        UUID.fromString(broken));
        Stream.of(clients, brief, broken).forEach(this::forget);
        caughtUp();
        assertThat(server.database()
                        .count(
                                "select count(*) from secret_version where fingerprint is not null and secret_id in (?, ?, ?)",
                                UUID.fromString(clients),
                                UUID.fromString(brief),
                                UUID.fromString(broken)))
                .isZero();
        assertThat(report("what the client has encrypted", "a value that is broken then"))
                .containsExactly("false_positive", "false_positive");
    }

    @Test
    void theValueBeforeIsRecognisedAsLongAsItIsReadable() {
        String one = "sk_one_" + UUID.randomUUID();
        JsonObject asked = new JsonObject().put("name", "grace").put("providerType", "CUSTOM");
        JsonObject provider = created(owner.post("/providers", asked));
        Api itself = owner.as(provider.getString("token"));
        String path = "/providers/" + provider.getJsonObject("provider").getString("id");
        JsonObject first =
                new JsonObject().put("secret_name", "GRACE").put("value", one).put("environment", "production");
        assertThat(itself.post(path + "/push", first).status()).isEqualTo(201);
        String id = owner.get("/secrets/by-name/GRACE").data().getString("id");
        // Nobody has looked at it yet when it is rotated.
        forget(id);
        JsonObject second = new JsonObject()
                .put("secret_name", "GRACE")
                .put("value", "sk_two_" + UUID.randomUUID())
                .put("gracePeriodSeconds", 3_600);
        assertThat(itself.patch(path, second).status()).isEqualTo(200);
        forget(id);
        caughtUp();
        assertThat(report(one)).containsExactly("true_positive");
        JsonObject leak = owner.get("/leaks?limit=1").list().getJsonObject(0);
        assertThat(leak.getString("secretId")).isEqualTo(id);
        assertThat(leak.getInteger("version")).isEqualTo(1);
        assertThat(leak.getString("state")).isEqualTo("open");
        server.database()
                .execute(
                        "update secret_value set previous_until = now() - interval '1 second' where secret_id = ?",
                        UUID.fromString(id));
        assertThat(report(one)).containsExactly("false_positive");
        assertThat(owner.get("/leaks/" + leak.getString("id")).data().getString("closedBecause"))
                .isEqualTo("replaced");
    }
}
