package com.fyvault.nodes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.TestServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A revocation on one node holds on every other when it is answered, and waits only when there is one. */
class TwoNodesIT {
    private static final String VALUE = "/secrets/by-name/API_KEY/value";
    private static final long DEADLINE_MILLIS = 500;

    private TestServer first;

    @BeforeEach
    void start() {
        first = TestServer.start();
        first.createSecret("API_KEY", "s3cret");
    }

    @AfterEach
    void stop() {
        first.close();
    }

    private JsonObject key() {
        JsonObject body = new JsonObject().put("label", "app").put("scopes", new JsonArray().add("SECRETS_READ"));
        return first.api().post("/api-keys", body).data();
    }

    private long revokeMillis(JsonObject key) {
        long start = System.nanoTime();
        assertThat(first.api().delete("/api-keys/" + key.getString("id")).status())
                .isEqualTo(200);
        return (System.nanoTime() - start) / 1_000_000;
    }

    @Test
    void theOtherNodeIsWaitedForAndRefusesFromThenOn() {
        try (TestServer second = first.secondNode()) {
            JsonObject key = key();
            Api there = second.api(key.getString("token"));
            for (int i = 0; i < 10; i++) {
                assertThat(there.get(VALUE).status()).isEqualTo(200);
            }
            assertThat(revokeMillis(key)).isBetween(DEADLINE_MILLIS, 3 * DEADLINE_MILLIS);
            assertThat(there.get(VALUE).code()).isEqualTo("TOKEN_REVOKED");
        }
    }

    @Test
    void aNodeThatHasStoppedIsNotWaitedFor() {
        first.secondNode().close();
        assertThat(first.database().count("select count(*) from node")).isEqualTo(1);
        JsonObject key = key();
        assertThat(revokeMillis(key)).isLessThan(DEADLINE_MILLIS);
        assertThat(first.api(key.getString("token")).get(VALUE).status()).isEqualTo(401);
    }

    @Test
    void whatANodeKeepsOfATokenThatWasRolledTwiceIsRefused() {
        try (TestServer second = first.secondNode()) {
            JsonObject key = key();
            Api there = second.api(key.getString("token"));
            assertThat(there.get(VALUE).status()).isEqualTo(200);
            String path = "/api-keys/" + key.getString("id") + "/roll";
            assertThat(first.api().post(path, new JsonObject()).status()).isEqualTo(200);
            JsonObject latest = first.api().post(path, new JsonObject()).data();
            // This one makes the node ask what changed since the epoch that it knows: two rolls at once.
            assertThat(second.api().get(VALUE).status()).isEqualTo(200);
            assertThat(there.get(VALUE).status()).isEqualTo(401);
            assertThat(second.api(latest.getString("token")).get(VALUE).status())
                    .isEqualTo(200);
        }
    }
}
