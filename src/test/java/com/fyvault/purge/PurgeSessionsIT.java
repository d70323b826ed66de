package com.fyvault.purge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.audit.AuditAction;
import com.fyvault.audit.PostgresAuditLog;
import com.fyvault.crypto.Uuid7;
import com.fyvault.platform.config.Config;
import com.fyvault.platform.config.PostgresSettings;
import com.fyvault.platform.postgres.Database;
import com.fyvault.support.Api;
import com.fyvault.support.TestServer;
import io.vertx.core.json.JsonObject;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Session tokens go 30 days after they expired and not before, in batches that each leave a record. */
class PurgeSessionsIT {
    private static final int BATCH = 3;

    @Test
    void whatExpiredLongAgoGoesAndNothingElse() {
        try (TestServer server = TestServer.start()) {
            Api owner = server.api();
            for (int i = 0; i < 8; i++) {
                assertThat(owner.post("/access-tokens", new JsonObject()).status())
                        .isEqualTo(201);
            }
            // What a session has made ends with it, and does not hold it back.
            Api minted = owner.as(
                    owner.post("/access-tokens", new JsonObject()).data().getString("token"));
            assertThat(minted.post("/agent-credentials", new JsonObject().put("name", "agent"))
                            .status())
                    .isEqualTo(201);
            for (String machine : List.of("/providers", "/devices")) {
                assertThat(minted.post(machine, new JsonObject().put("name", "machine"))
                                .status())
                        .isEqualTo(201);
            }
            expire(server, 7, "30 days 1 second");
            expire(server, 1, "29 days 23 hours");

            assertThat(TestServer.await(purge(server, 2).purge())).isEqualTo(2 * BATCH);
            assertThat(TestServer.await(purge(server, 100).purge())).isEqualTo(1);
            assertThat(TestServer.await(purge(server, 100).purge())).isZero();

            assertThat(server.database().count("select count(*) from credential where kind = 'SESSION'"))
                    .isEqualTo(2);
            assertThat(server.database()
                            .count("select count(*) from credential where kind in ('AGENT', 'PROVIDER', 'DEVICE')"))
                    .isZero();
            assertThat(server.database()
                            .count("select sum((details ->> 'count')::int) from audit_trail where action = "
                                    + AuditAction.SESSION_PURGE.code()))
                    .isEqualTo(7);
            assertThat(owner.get("/access-tokens").list()).hasSize(1);
        }
    }

    /** So many of the sessions that have not expired yet. */
    private static void expire(TestServer server, int count, String ago) {
        int changed = server.database()
                .execute("update credential set expires_at = now() - interval '" + ago + "' where credential_id in"
                        + " (select credential_id from credential where kind = 'SESSION' and expires_at > now() order by 1 desc limit "
                        + count + ")");
        assertThat(changed).isEqualTo(count);
    }

    private static PurgeSessions purge(TestServer server, int batches) {
        PostgresSettings postgres =
                PostgresSettings.from(Config.of(server.database().settings()));
        Database database = new Database(server.vertx(), postgres, "purge-sessions");
        return new PurgeSessions(
                database,
                new PostgresSessionPurgeStore(database),
                new PostgresAuditLog(),
                new Uuid7(Clock.systemUTC(), new SecureRandom()),
                new PurgeSessions.Bounds(Duration.ofDays(30), BATCH, batches));
    }
}
