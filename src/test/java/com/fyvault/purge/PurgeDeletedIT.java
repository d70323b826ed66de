package com.fyvault.purge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.audit.AuditAction;
import com.fyvault.audit.PostgresAuditLog;
import com.fyvault.crypto.Uuid7;
import com.fyvault.platform.config.Config;
import com.fyvault.platform.config.PostgresSettings;
import com.fyvault.platform.config.PurgeSettings;
import com.fyvault.platform.postgres.Database;
import com.fyvault.support.Api;
import com.fyvault.support.TestServer;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What was deleted goes after 30 days and not a second before, and nobody reads it from memory after that. */
class PurgeDeletedIT {
    private static final String DUE = "now() - interval '30 days 1 second'";
    private static final String NOT_DUE = "now() - interval '29 days 23 hours'";
    private TestServer server;
    private Api api;
    private PurgeDeleted purge;

    @BeforeEach
    void start() {
        server = TestServer.start(Map.of("postgres.acquire.timeout.millis", "5000"));
        api = server.api();
        purge = purge(new PurgeSettings(Duration.ofHours(1), 3, 100));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private PurgeDeleted purge(PurgeSettings settings) {
        PostgresSettings postgres =
                PostgresSettings.from(Config.of(server.database().settings()));
        return new PurgeDeleted(
                new Database(server.vertx(), postgres, "purge"),
                new PostgresPurgeStore(),
                new PostgresAuditLog(),
                new Uuid7(Clock.systemUTC(), new SecureRandom()),
                settings);
    }

    private void age(String table, String id, String deletedAt) {
        assertThat(server.database()
                        .execute(
                                "update " + table + " set deleted_at = " + deletedAt + " where " + table
                                        + "_id = ?::uuid",
                                id))
                .isEqualTo(1);
    }

    private long count(String query, Object... parameters) {
        return server.database().count(query, parameters);
    }

    private long records(AuditAction action) {
        return count("select count(*) from audit_trail where action = " + action.code());
    }

    @Test
    void secretsGoWithEveryVersionAndOneRecordEach() {
        for (int i = 0; i < 8; i++) {
            String id = server.createSecret("S" + i, "v");
            assertThat(api.patch("/secrets/" + id, new JsonObject().put("value", "w"))
                            .status())
                    .isEqualTo(200);
            assertThat(api.delete("/secrets/" + id).status()).isEqualTo(200);
            age("secret", id, i == 7 ? NOT_DUE : DUE);
        }
        server.createSecret("STAYS", "v");
        assertThat(TestServer.await(purge.purge())).isEqualTo(7);
        assertThat(records(AuditAction.SECRET_PURGE)).isEqualTo(7);
        assertThat(count("select count(*) from secret")).isEqualTo(2);
        assertThat(count("select count(*) from secret_version")).isEqualTo(3);
        assertThat(api.value("STAYS")).isEqualTo("v");
        assertThat(TestServer.await(purge.purge())).isZero();
    }

    @Test
    void aNodeThatSleptThroughDeletionAndPurgeReleasesNothingFromMemory() {
        try (TestServer second = server.secondNode()) {
            String id = server.createSecret("GONE", "v");
            assertThat(second.api().value("GONE")).isEqualTo("v");
            assertThat(api.delete("/secrets/" + id).status()).isEqualTo(200);
            age("secret", id, DUE);
            assertThat(TestServer.await(purge.purge())).isEqualTo(1);
            assertThat(second.api().get("/secrets/by-name/GONE/value").code()).isEqualTo("SECRET_NOT_FOUND");
        }
    }

    @Test
    void anEnvironmentGoesWithItsValuesAndLeavesTheOthers() {
        String id = server.createSecret("BOTH", "in production");
        assertThat(api.patch("/secrets/" + id + "?environment=staging", new JsonObject().put("value", "in staging"))
                        .status())
                .isEqualTo(200);
        String staging = api.delete("/environments/staging").data().getString("id");
        age("environment", staging, NOT_DUE);
        assertThat(TestServer.await(purge.purge())).isZero();
        age("environment", staging, DUE);
        assertThat(TestServer.await(purge.purge())).isEqualTo(2);
        assertThat(records(AuditAction.SECRET_PURGE)).isEqualTo(1);
        assertThat(records(AuditAction.ENVIRONMENT_PURGE)).isEqualTo(1);
        assertThat(count("select count(*) from secret_version where environment_id = ?::uuid", staging))
                .isZero();
        assertThat(api.value("BOTH")).isEqualTo("in production");
    }

    @Test
    void aProjectGoesWithAllThatIsInIt() {
        JsonObject project =
                api.post("/projects", new JsonObject().put("name", "old")).data();
        for (int i = 0; i < 5; i++) {
            assertThat(api.post(
                                    "/projects/old/secrets",
                                    new JsonObject().put("name", "S" + i).put("value", "v"))
                            .status())
                    .isEqualTo(201);
        }
        assertThat(api.delete("/projects/old").status()).isEqualTo(200);
        age("project", project.getString("id"), DUE);
        assertThat(TestServer.await(purge.purge())).isEqualTo(5 + 3 + 1);
        assertThat(records(AuditAction.SECRET_PURGE)).isEqualTo(5);
        assertThat(records(AuditAction.ENVIRONMENT_PURGE)).isEqualTo(3);
        assertThat(records(AuditAction.PROJECT_PURGE)).isEqualTo(1);
        for (String table : new String[] {"secret", "environment", "project"}) {
            assertThat(count("select count(*) from " + table + " where project_id = ?::uuid", project.getString("id")))
                    .as(table)
                    .isZero();
        }
        assertThat(count("select count(*) from secret_version")).isZero();
    }

    @Test
    void aRoundIsBoundedAndTwoAtOncePurgeEverythingOnce() {
        for (int i = 0; i < 12; i++) {
            String id = server.createSecret("S" + i, "v");
            assertThat(api.delete("/secrets/" + id).status()).isEqualTo(200);
            age("secret", id, DUE);
        }
        PurgeDeleted bounded = purge(new PurgeSettings(Duration.ofHours(1), 2, 2));
        assertThat(TestServer.await(bounded.purge())).isEqualTo(4);
        var both = Future.all(
                purge.purge(),
                purge(new PurgeSettings(Duration.ofHours(1), 1, 100)).purge());
        assertThat(TestServer.await(both).<Integer>list().stream()
                        .mapToInt(Integer::intValue)
                        .sum())
                .isLessThanOrEqualTo(8);
        assertThat(TestServer.await(purge.purge())).isLessThanOrEqualTo(8);
        assertThat(records(AuditAction.SECRET_PURGE)).isEqualTo(12);
        assertThat(count("select count(*) from secret")).isZero();
    }
}
