package com.fyvault.agents;

import static com.fyvault.support.Answers.created;
import static com.fyvault.support.Bodies.named;
import static com.fyvault.support.Bodies.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fyvault.platform.CanIgnoreReturnValue;
import com.fyvault.support.Api;
import com.fyvault.support.ServerTest;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** {@code /orgs/{org}/agent-credentials}: what works. What is refused stands in {@link AgentRefusalsIT}. */
class AgentsIT extends ServerTest {
    private static final String AGENTS = "/agent-credentials";
    private static final String VALUE = "/secrets/by-name/%s/value";

    @BeforeAll
    void prepare() {
        server.createSecret("db-url", "postgres://");
        server.createSecret("STRIPE", "sk");
    }

    @CanIgnoreReturnValue
    private static JsonObject make(Api by, JsonObject body) {
        return created(by.post(AGENTS, body));
    }

    private Api holder(JsonObject made) {
        return owner.as(made.getString("credential"));
    }

    private static int read(Api by, String name) {
        return by.get(VALUE.formatted(name)).status();
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class Answers200And201 {
        @Test
        void everythingAskedForStandsInTheAnswerAndHolds() {
            JsonObject made = make(
                    owner,
                    named("support bot")
                            .put("description", "answers mail")
                            .put("agentType", "ai_assistant")
                            .put("scopes", texts("secrets:read"))
                            .put("allowedSecrets", texts("db-*"))
                            .put("allowedEnvironments", texts("production"))
                            .put("maxTtlSeconds", 3_600)
                            .put("rateLimitRpm", 600)
                            .put("ipAllowlist", texts("127.0.0.0/8")));
            assertThat(made.getString("credential")).startsWith("fvag_");
            assertThat(made.getString("agent_type")).isEqualTo("ai_assistant");
            assertThat(made.getString("description")).isEqualTo("answers mail");
            assertThat(made.getJsonArray("scopes")).containsExactly("SECRETS_READ");
            assertThat(made.getJsonArray("allowed_secrets")).containsExactly("db-*");
            assertThat(made.getJsonArray("allowed_environments"))
                    .containsExactly(server.environmentId("production").toString());
            assertThat(made.getInteger("max_ttl_seconds")).isEqualTo(3_600);
            assertThat(made.getInteger("rate_limit_rpm")).isEqualTo(600);
            assertThat(Instant.parse(made.getString("expires_at")))
                    .isCloseTo(Instant.now().plusSeconds(3_600), within(1, ChronoUnit.MINUTES));
            Api agent = holder(made);
            assertThat(read(agent, "db-url")).isEqualTo(200);
            assertThat(agent.get(VALUE.formatted("STRIPE")).code()).isEqualTo("SECRET_NOT_ALLOWED");
            assertThat(agent.get(VALUE.formatted("db-url") + "?environment=staging")
                            .code())
                    .isEqualTo("ENVIRONMENT_NOT_ALLOWED");
            assertThat(agent.patch("/secrets/" + UUID.randomUUID(), new JsonObject())
                            .code())
                    .isEqualTo("SCOPE_MISSING");
        }

        @Test
        void aNameIsEnoughAndExplicitNullsAreAbsent() {
            JsonObject made = make(
                    owner,
                    named("plain")
                            .putNull("scopes")
                            .putNull("maxTtlSeconds")
                            .putNull("ipAllowlist")
                            .putNull("expiresAt"));
            assertThat(made.getJsonArray("allowed_secrets")).isEmpty();
            assertThat(made.getJsonArray("allowed_environments")).isEmpty();
            assertThat(made.getJsonArray("ip_allowlist")).isEmpty();
            assertThat(made.getString("agent_type")).isEqualTo("custom");
            assertThat(made.getValue("max_ttl_seconds")).isEqualTo(0);
            assertThat(made.getValue("rate_limit_rpm")).isNull();
            // No end of its own: that of the owner's key.
            assertThat(Instant.parse(made.getString("expires_at")))
                    .isCloseTo(Instant.now().plus(365, ChronoUnit.DAYS), within(1, ChronoUnit.HOURS));
            assertThat(made.getValue("last_used_at")).isNull();
            assertThat(made.getJsonArray("scopes")).hasSize(com.fyvault.tokens.Scope.values().length);
        }

        @Test
        void theEarlierOfExpiryAndLongestLifeCounts() {
            String soon = Instant.now().plusSeconds(120).toString();
            assertThat(make(owner, named("x").put("expiresAt", soon).put("maxTtlSeconds", 3_600))
                            .getString("expires_at"))
                    .startsWith(soon.substring(0, 19));
        }

        @Test
        void aListIsBareShowsNoTokenAndOnlyWhatIsActive() {
            JsonObject live = make(owner, named("live"));
            JsonObject gone = make(owner, named("gone"));
            Api.Answer ended = owner.delete(AGENTS + "/" + gone.getString("credential_id"));
            assertThat(ended.status()).isEqualTo(200);
            assertThat(ended.data().getBoolean("is_active")).isFalse();
            assertThat(owner.delete(AGENTS + "/" + gone.getString("credential_id"))
                            .status())
                    .isEqualTo(200);
            Api.Answer listed = owner.get(AGENTS);
            assertThat(listed.text()).doesNotContain(live.getString("credential"));
            List<String> ids = listed.list().stream()
                    .map(item -> ((JsonObject) item).getString("credential_id"))
                    .toList();
            assertThat(ids).contains(live.getString("credential_id")).doesNotContain(gone.getString("credential_id"));
        }

        @Test
        void aRepeatedRequestShowsNoTokenASecondTime() {
            Api.Answer first = owner.post(AGENTS, named("once"), "Idempotency-Key", "agent-once");
            Api.Answer second = owner.post(AGENTS, named("once"), "Idempotency-Key", "agent-once");
            assertThat(second.data().getString("credential_id"))
                    .isEqualTo(first.data().getString("credential_id"));
            assertThat(second.data().containsKey("credential")).isFalse();
        }
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class EndsWithItsParent {
        @Test
        void whenTheKeyIsRevoked() {
            JsonObject parent = server.key(new JsonObject().put("label", "parent"));
            JsonObject made = make(owner.as(parent.getString("key")), named("child"));
            Api agent = holder(made);
            assertThat(read(agent, "STRIPE")).isEqualTo(200);
            assertThat(owner.delete("/api-keys/" + parent.getString("id")).status())
                    .isEqualTo(200);
            assertThat(agent.get(VALUE.formatted("STRIPE")).code()).isEqualTo("TOKEN_REVOKED");
            assertThat(owner.get(AGENTS).text()).doesNotContain(made.getString("credential_id"));
        }

        @Test
        void whenTheSessionIsRevokedOrTheKeyBehindItRolled() {
            JsonObject key = server.key(new JsonObject().put("label", "key"));
            Api holder = owner.as(key.getString("key"));
            JsonObject session = holder.post("/access-tokens", new JsonObject()).data();
            JsonObject made = make(owner.as(session.getString("token")), named("of a session"));
            assertThat(made.getString("expires_at")).isEqualTo(session.getString("expires_at"));
            assertThat(read(holder(made), "STRIPE")).isEqualTo(200);
            JsonObject other = make(
                    owner.as(holder.post("/access-tokens", new JsonObject())
                            .data()
                            .getString("token")),
                    named("of another"));
            assertThat(holder.delete("/access-tokens/" + session.getString("id"))
                            .status())
                    .isEqualTo(200);
            assertThat(read(holder(made), "STRIPE")).isEqualTo(401);
            assertThat(read(holder(other), "STRIPE")).isEqualTo(200);
            assertThat(person().post("/api-keys/" + key.getString("id") + "/roll", new JsonObject())
                            .status())
                    .isEqualTo(200);
            assertThat(read(holder(other), "STRIPE")).isEqualTo(401);
            assertThat(owner.get(AGENTS).text()).doesNotContain(other.getString("credential_id"));
        }

        @Test
        void andIsCutDownWithIt() {
            JsonObject parent = server.key(new JsonObject().put("label", "wide"));
            Api agent = holder(make(owner.as(parent.getString("key")), named("child")));
            assertThat(read(agent, "STRIPE")).isEqualTo(200);
            assertThat(owner.patch(
                                    "/api-keys/" + parent.getString("id"),
                                    new JsonObject().put("allowedSecrets", texts("db-*")))
                            .status())
                    .isEqualTo(200);
            assertThat(read(agent, "STRIPE")).isEqualTo(403);
            assertThat(read(agent, "db-url")).isEqualTo(200);
        }
    }
}
