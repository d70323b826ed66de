package com.fyvault.handles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fyvault.audit.AuditAction;
import com.fyvault.support.Api;
import com.fyvault.support.ServerTest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Handles: what works. What is refused stands in {@link HandleRefusalsIT}. */
class HandlesIT extends ServerTest {
    private TestHandles handles;

    @BeforeAll
    void prepare() {
        handles = new TestHandles(server);
        server.createSecret("STRIPE", "sk \"quoted\"");
    }

    @Test
    void standsForTheValueAsOftenAsItIsAsked() {
        JsonObject minted = handles.mint(owner, "STRIPE", new JsonObject());
        assertThat(minted.getString("handle")).startsWith("fvh_").matches("[A-Za-z0-9_-]{53}");
        assertThat(minted.getString("secret_name")).isEqualTo("STRIPE");
        assertThat(Instant.parse(minted.getString("expires_at")))
                .isCloseTo(Instant.now().plusSeconds(300), within(1, ChronoUnit.MINUTES));
        for (int i = 0; i < 3; i++) {
            JsonObject resolved = TestHandles.resolve(owner, minted).data();
            assertThat(resolved.getString("name")).isEqualTo("STRIPE");
            assertThat(resolved.getString("value")).isEqualTo("sk \"quoted\"");
        }
    }

    @Test
    void standsForTheCurrentValue() {
        String id = server.createSecret("ROTATES", "first");
        JsonObject minted = handles.mint(owner, "ROTATES", new JsonObject());
        for (String next : List.of("second", "third")) {
            assertThat(owner.patch("/secrets/" + id, new JsonObject().put("value", next))
                            .status())
                    .isEqualTo(200);
            assertThat(TestHandles.resolve(owner, minted).data().getString("value"))
                    .isEqualTo(next);
        }
    }

    @Test
    void aLargeValueToo() {
        String large = "x".repeat(200_000);
        server.createSecret("LARGE", large);
        JsonObject minted = handles.mint(owner, "LARGE", new JsonObject());
        assertThat(TestHandles.resolve(owner, minted).data().getString("value")).isEqualTo(large);
    }

    @Test
    void ofTheEnvironmentThatWasNamed() {
        String id = server.createSecret("PLACED", "live");
        assertThat(owner.patch("/secrets/" + id + "?environment=staging", new JsonObject().put("value", "staged"))
                        .status())
                .isEqualTo(200);
        JsonObject minted = handles.mint(owner, "PLACED", new JsonObject().put("environment", "staging"));
        assertThat(TestHandles.resolve(owner, minted).data().getString("value")).isEqualTo("staged");
        JsonObject byQuery = owner.post(
                        "/secrets/by-name/placed/handle?environment=" + server.environmentId("staging"),
                        new JsonObject())
                .data();
        assertThat(TestHandles.resolve(owner, byQuery).data().getString("value"))
                .isEqualTo("staged");
    }

    @Test
    void isRecordedAsAReadOfThatVersion() {
        JsonObject minted = handles.mint(owner, "STRIPE", new JsonObject());
        String request = TestHandles.resolve(owner, minted).requestId();
        List<Map<String, Object>> records = server.database()
                .query("select action, version, secret_id, environment_id, details ->> 'handle_id' as handle"
                        + " from audit_trail where event_id = '" + request + "'");
        assertThat(records).hasSize(1);
        assertThat(((Number) records.get(0).get("action")).shortValue()).isEqualTo(AuditAction.SECRET_READ.code());
        assertThat(records.get(0)).containsEntry("version", 1L).containsEntry("handle", minted.getString("handle_id"));
        assertThat(records.get(0)).containsEntry("environment_id", server.environmentId("production"));
        assertThat(records.get(0).get("secret_id")).isNotNull();
    }

    @Test
    void theHandleItselfIsStoredNowhere() {
        JsonObject minted = handles.mint(owner, "STRIPE", new JsonObject());
        assertThat(TestHandles.resolve(owner, minted).status()).isEqualTo(200);
        String secret = minted.getString("handle").substring(4, 20);
        for (String table : List.of("handle", "audit_event", "idempotency")) {
            assertThat(server.database()
                            .count("select count(*) from " + table + " t where t::text like '%" + secret + "%'"))
                    .isZero();
        }
    }

    @Test
    void isOverAtOnceWhenItIsEnded() {
        JsonObject minted = handles.mint(owner, "STRIPE", new JsonObject());
        String path = "/handles/" + minted.getString("handle_id");
        assertThat(TestHandles.resolve(owner, minted).status()).isEqualTo(200);
        assertThat(owner.delete(path).status()).isEqualTo(200);
        assertThat(TestHandles.resolve(owner, minted).code()).isEqualTo("HANDLE_NOT_FOUND");
        assertThat(owner.delete(path).status()).isEqualTo(200);
    }

    @Test
    void isOverWithTheTokenThatMintedIt() {
        JsonObject key = handles.key(new JsonObject());
        Api holder = owner.as(key.getString("key"));
        Api session =
                owner.as(holder.post("/access-tokens", new JsonObject()).data().getString("token"));
        JsonObject ofKey = handles.mint(holder, "STRIPE", new JsonObject());
        JsonObject ofSession = handles.mint(session, "STRIPE", new JsonObject().put("ttlSeconds", 3_600));
        JsonObject agent = owner.post("/agent-credentials", new JsonObject().put("name", "bot"))
                .data();
        JsonObject ofAgent = handles.mint(owner.as(agent.getString("credential")), "STRIPE", new JsonObject());
        for (JsonObject handle : List.of(ofKey, ofSession, ofAgent)) {
            assertThat(TestHandles.resolve(owner, handle).status()).isEqualTo(200);
        }
        assertThat(owner.delete("/agent-credentials/" + agent.getString("credential_id"))
                        .status())
                .isEqualTo(200);
        assertThat(TestHandles.resolve(owner, ofAgent).code()).isEqualTo("HANDLE_NOT_FOUND");
        assertThat(TestHandles.resolve(owner, ofKey).status()).isEqualTo(200);
        assertThat(owner.delete("/api-keys/" + key.getString("id")).status()).isEqualTo(200);
        assertThat(TestHandles.resolve(owner, ofKey).code()).isEqualTo("HANDLE_NOT_FOUND");
        assertThat(TestHandles.resolve(owner, ofSession).code()).isEqualTo("HANDLE_NOT_FOUND");
    }

    @Test
    void isWorthWhatItsMinterMayStillRead() {
        JsonObject key = handles.key(new JsonObject());
        JsonObject minted = handles.mint(owner.as(key.getString("key")), "STRIPE", new JsonObject());
        assertThat(TestHandles.resolve(owner, minted).status()).isEqualTo(200);
        assertThat(owner.patch(
                                "/api-keys/" + key.getString("id"),
                                new JsonObject().put("allowedSecrets", new JsonArray().add("OTHER")))
                        .status())
                .isEqualTo(200);
        assertThat(TestHandles.resolve(owner, minted).code()).isEqualTo("HANDLE_NOT_FOUND");
    }

    @Test
    void livesNoLongerThanTheTokenThatMintsIt() {
        JsonObject session = owner.post("/access-tokens", new JsonObject().put("ttlSeconds", 60))
                .data();
        JsonObject minted =
                handles.mint(owner.as(session.getString("token")), "STRIPE", new JsonObject().put("ttlSeconds", 3_600));
        assertThat(minted.getString("expires_at")).isEqualTo(session.getString("expires_at"));
    }

    @Test
    void aRepeatedRequestMintsOneAndShowsItOnce() {
        String path = "/secrets/by-name/STRIPE/handle";
        Api.Answer first = owner.post(path, new JsonObject(), "Idempotency-Key", "handle");
        Api.Answer second = owner.post(path, new JsonObject(), "Idempotency-Key", "handle");
        assertThat(second.data().getString("handle_id")).isEqualTo(first.data().getString("handle_id"));
        assertThat(second.data().containsKey("handle")).isFalse();
    }
}
