package com.fyvault.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.ServerTest;
import io.vertx.core.json.JsonObject;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What an Idempotency-Key answers with the second time. */
class ReplayIT extends ServerTest {
    @Test
    void theSameAnswerIsSentAgainAndRecordedAgain() {
        JsonObject body = named("REPLAYED");
        Api.Answer first = server.api().post("/secrets", body, "Idempotency-Key", "k1");
        Api.Answer second = server.api().post("/secrets", body, "Idempotency-Key", "k1");
        assertThat(second.status()).isEqualTo(201);
        assertThat(second.data().getString("id")).isEqualTo(first.data().getString("id"));
        assertThat(outcome(first)).isEqualTo(1);
        assertThat(outcome(second)).isEqualTo(5);
    }

    @Test
    void aMintedTokenIsNotShownAgain() {
        Api.Answer first = server.api().post("/access-tokens", new JsonObject(), "Idempotency-Key", "k2");
        Api.Answer second = server.api().post("/access-tokens", new JsonObject(), "Idempotency-Key", "k2");
        assertThat(first.data().getString("token")).startsWith("fvsess_");
        assertThat(second.data().getString("id")).isEqualTo(first.data().getString("id"));
        assertThat(second.text())
                .doesNotContain("fvsess_" + first.data().getString("token").substring(7));
    }

    @Test
    void anotherBodyUnderTheSameKeyIsRefused() {
        assertThat(server.api()
                        .post("/secrets", named("ONE"), "Idempotency-Key", "k3")
                        .status())
                .isEqualTo(201);
        Api.Answer other = server.api().post("/secrets", named("TWO"), "Idempotency-Key", "k3");
        assertThat(other.status()).isEqualTo(422);
        assertThat(other.code()).isEqualTo("IDEMPOTENCY_KEY_REUSED");
    }

    @Test
    void anotherCallersKeyOfTheSameNameIsAnotherKey() {
        Api session = server.api(
                server.api().post("/access-tokens", new JsonObject()).data().getString("token"));
        assertThat(server.api()
                        .post("/secrets", named("MINE"), "Idempotency-Key", "k4")
                        .status())
                .isEqualTo(201);
        assertThat(session.post("/secrets", named("THEIRS"), "Idempotency-Key", "k4")
                        .status())
                .isEqualTo(201);
    }

    private long outcome(Api.Answer answer) {
        return server.database()
                .count("select outcome from audit_trail where event_id = ?", UUID.fromString(answer.requestId()));
    }

    private static JsonObject named(String name) {
        return new JsonObject().put("name", name).put("secretType", "GENERIC").put("value", "v");
    }
}
