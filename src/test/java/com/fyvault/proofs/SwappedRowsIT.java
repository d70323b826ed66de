package com.fyvault.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.bootstrap.Bootstrap;
import com.fyvault.support.Api;
import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import com.fyvault.support.LogCapture;
import com.fyvault.support.ServerTest;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** T03: a sealed value opens only where and as what it was sealed, whatever a writer to the tables does. */
class SwappedRowsIT extends ServerTest {
    private static final String SWAP = """
            update secret_version t set envelope = s.envelope from secret_version s
             where (t.secret_id = ? and t.environment_id = ? and t.version = ?
                and s.secret_id = ? and s.environment_id = ? and s.version = ?)
                or (s.secret_id = ? and s.environment_id = ? and s.version = ?
                and t.secret_id = ? and t.environment_id = ? and t.version = ?)
            """;

    private UUID production;
    private UUID staging;
    private int number;

    /** One stored version. */
    private record Row(UUID secret, UUID environment, long version) {}

    /** A way to spoil what is stored, and the read that must be refused after it. */
    private interface Spoil {
        List<String> spoil();
    }

    @BeforeAll
    void prepare() {
        production = server.environmentId("production");
        staging = server.environmentId("staging");
    }

    @Test
    void refusesAValueOfAnotherSecret() {
        refused("between secrets", () -> {
            UUID a = secret();
            UUID b = secret();
            swap(new Row(a, production, 1), new Row(b, production, 1));
            return List.of(value(a), value(b));
        });
    }

    @Test
    void refusesAValueOfAnotherEnvironment() {
        refused("between environments", () -> {
            UUID id = secret();
            write(id, "?environment=staging");
            swap(new Row(id, production, 1), new Row(id, staging, 1));
            return List.of(value(id), value(id) + "?environment=staging");
        });
    }

    @Test
    void refusesAnotherVersionsValue() {
        refused("between versions", () -> {
            UUID id = secret();
            write(id, "");
            swap(new Row(id, production, 1), new Row(id, production, 2));
            return List.of(value(id));
        });
    }

    @Test
    void refusesAValueOfAnotherOrganization() {
        Bootstrap.Made other = server.anotherOrg();
        Api theirs = server.api(other.key().exposeText()).in(other.orgId().toString());
        UUID theirProduction = (UUID) server.database()
                .query("select environment_id from environment where org_id = ? and is_default", other.orgId())
                .get(0)
                .get("environment_id");
        refused("between organizations", () -> {
            UUID mine = secret();
            UUID foreign = UUID.fromString(
                    theirs.post("/secrets", named("THEIRS_" + ++number)).data().getString("id"));
            swap(new Row(mine, production, 1), new Row(foreign, theirProduction, 1));
            return List.of(value(mine));
        });
    }

    @Test
    void findsAHeadSetBackToAnOlderVersion() {
        refused("head set back", () -> {
            UUID id = secret();
            write(id, "");
            int changed = server.database()
                    .execute(
                            "update secret_value set current_version = 1 where secret_id = ? and environment_id = ?",
                            id,
                            production);
            assertThat(changed).isEqualTo(1);
            return List.of(value(id));
        });
    }

    @Test
    void findsAHeadThatWearsAnothersSeal() {
        refused("seal of another head", () -> {
            UUID a = secret();
            UUID b = secret();
            int changed = server.database().execute("""
                            update secret_value t set seal = s.seal from secret_value s
                             where t.secret_id = ? and s.secret_id = ?
                            """, a, b);
            assertThat(changed).isEqualTo(1);
            return List.of(value(a));
        });
    }

    @Test
    void refusesABulkReadThatHoldsASwappedValue() {
        refused("in a bulk read", () -> {
            UUID a = secretIn("staging");
            UUID b = secretIn("staging");
            swap(new Row(a, staging, 1), new Row(b, staging, 1));
            return List.of("/environments/staging/values");
        });
    }

    @Test
    void refusesABulkReadThatHoldsAHeadSetBack() {
        refused("head set back, bulk read", () -> {
            UUID id = secretIn("development");
            write(id, "?environment=development");
            int changed =
                    server.database().execute("update secret_value set current_version = 1 where secret_id = ?", id);
            assertThat(changed).isEqualTo(1);
            return List.of("/environments/development/values");
        });
    }

    @Test
    void refusesToMakeASwappedVersionTheCurrentOne() {
        UUID a = secret();
        UUID b = secret();
        write(a, "");
        swap(new Row(a, production, 1), new Row(b, production, 1));
        Api.Answer answer = server.api().post("/secrets/" + a + "/rollback", new JsonObject().put("version", 1));
        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.code()).isEqualTo("SEALED_VALUE_REFUSED");
        assertThat(alarms(answer.requestId())).isPositive();
    }

    private void refused(String what, Spoil spoil) {
        int rounds = Lane.count(200, 20);
        int reads = 0;
        List<String> wrong = new ArrayList<>();
        try (LogCapture log = LogCapture.open()) {
            for (int i = 0; i < rounds; i++) {
                for (String path : spoil.spoil()) {
                    reads++;
                    Api.Answer answer = server.api().get(path);
                    if (answer.status() != 500 || !answer.code().equals("SEALED_VALUE_REFUSED")) {
                        wrong.add(path + " " + answer.status() + " " + answer.text());
                    } else if (alarms(answer.requestId()) == 0) {
                        wrong.add(path + " left no alarm in the audit");
                    }
                }
            }
            if (log.linesWith("alarm").size() < reads) {
                wrong.add("only " + log.linesWith("alarm").size() + " alarms in the log");
            }
        }
        Figures.print(new Figures.Line("T03", "sealed rows, " + what, rounds, reads, wrong.size(), ""));
        assertThat(wrong).isEmpty();
    }

    private long alarms(String requestId) {
        return server.database()
                .count(
                        "select count(*) from audit_trail where event_id = ? and outcome = 4",
                        UUID.fromString(requestId));
    }

    private UUID secret() {
        return secretIn("production");
    }

    private UUID secretIn(String environment) {
        Api.Answer made = server.api().post("/secrets?environment=" + environment, named("SWAP_" + ++number));
        assertThat(made.status()).isEqualTo(201);
        return UUID.fromString(made.data().getString("id"));
    }

    private void write(UUID id, String query) {
        Api.Answer answer = server.api().patch("/secrets/" + id + query, new JsonObject().put("value", "v" + ++number));
        assertThat(answer.status()).isEqualTo(200);
    }

    private static JsonObject named(String name) {
        return new JsonObject().put("name", name).put("secretType", "GENERIC").put("value", "value of " + name);
    }

    private static String value(UUID id) {
        return "/secrets/" + id + "/value";
    }

    private void swap(Row a, Row b) {
        int swapped = server.database()
                .execute(
                        SWAP,
                        a.secret(),
                        a.environment(),
                        a.version(),
                        b.secret(),
                        b.environment(),
                        b.version(),
                        a.secret(),
                        a.environment(),
                        a.version(),
                        b.secret(),
                        b.environment(),
                        b.version());
        assertThat(swapped).isEqualTo(2);
    }
}
