package com.fyvault.agents;

import static com.fyvault.support.Answers.created;
import static com.fyvault.support.Bodies.named;
import static com.fyvault.support.Bodies.texts;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.platform.CanIgnoreReturnValue;
import com.fyvault.support.Api;
import com.fyvault.support.ServerTest;
import com.fyvault.support.TestServer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** {@code /orgs/{org}/agent-credentials}: what is refused. */
class AgentRefusalsIT extends ServerTest {
    private static final String AGENTS = "/agent-credentials";
    private static final String VALUE = "/secrets/by-name/STRIPE/value";

    @BeforeAll
    void prepare() {
        server.createSecret("STRIPE", "sk");
    }

    @CanIgnoreReturnValue
    private static JsonObject make(Api by, JsonObject body) {
        return created(by.post(AGENTS, body));
    }

    private Api holder(JsonObject made) {
        return owner.as(made.getString("credential"));
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class Answers400 {
        @Test
        void everyFieldThatIsWrong() {
            Map<String, Object> wrong = Map.ofEntries(
                    Map.entry("name", ""),
                    Map.entry("agentType", " "),
                    Map.entry("description", "x".repeat(1_001)),
                    Map.entry("maxTtlSeconds", 59),
                    Map.entry("rateLimitRpm", 0),
                    Map.entry("expiresAt", "tomorrow"),
                    Map.entry("allowedSecrets", texts("a*b")),
                    Map.entry("allowedEnvironments", texts("a/b")));
            wrong.forEach((field, value) -> {
                Api.Answer answer = owner.post(AGENTS, named("x").put(field, value));
                assertThat(answer.status()).as(field).isEqualTo(400);
                assertThat(answer.code()).as(field).isEqualTo("INVALID_FIELD");
            });
            assertThat(owner.post(AGENTS, new JsonObject()).code()).isEqualTo("INVALID_FIELD");
            assertThat(owner.post(AGENTS, named("x").put("scopes", texts("EVERYTHING")))
                            .code())
                    .isEqualTo("INVALID_SCOPE");
            assertThat(owner.post(AGENTS, named("x").put("ipAllowlist", texts("10.0.0.1/8")))
                            .code())
                    .isEqualTo("INVALID_CIDR");
        }

        @Test
        void atTheLimitsAndOnePast() {
            for (int seconds : List.of(60, 315_360_000)) {
                make(owner, named("x").put("maxTtlSeconds", seconds));
            }
            make(owner, named("x".repeat(200)).put("rateLimitRpm", 1_000_000).put("agentType", "x".repeat(64)));
            for (JsonObject past : List.of(
                    named("x").put("maxTtlSeconds", 315_360_001),
                    named("x").put("rateLimitRpm", 1_000_001),
                    named("x").put("agentType", "x".repeat(65)),
                    named("x".repeat(201)))) {
                assertThat(owner.post(AGENTS, past).status()).isEqualTo(400);
            }
        }
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class Answers403And404 {
        @Test
        void noMoreThanTheMakerHas() {
            Api weak = withKey(new JsonObject()
                    .put("scopes", texts("SECRETS_READ", "TOKENS_WRITE"))
                    .put("environments", texts("staging"))
                    .put("allowedSecrets", texts("db-*")));
            for (JsonObject more : List.of(
                    named("x").put("scopes", texts("SECRETS_WRITE")),
                    named("x").put("allowedEnvironments", texts("production")),
                    named("x").put("allowedSecrets", texts("*")))) {
                assertThat(weak.post(AGENTS, more).code()).isEqualTo("EXCEEDS_PARENT");
            }
            JsonObject bounded = make(weak, named("x"));
            assertThat(bounded.getJsonArray("allowed_secrets")).containsExactly("db-*");
            assertThat(owner.post(AGENTS, named("x").put("allowedEnvironments", texts("nowhere")))
                            .code())
                    .isEqualTo("ENVIRONMENT_NOT_FOUND");
        }

        @Test
        void theScopeIsNeeded() {
            Api reader = withKey(new JsonObject().put("scopes", texts("SECRETS_READ")));
            assertThat(reader.post(AGENTS, named("x")).code()).isEqualTo("SCOPE_MISSING");
            assertThat(reader.get(AGENTS).code()).isEqualTo("SCOPE_MISSING");
            assertThat(reader.delete(AGENTS + "/" + UUID.randomUUID()).code()).isEqualTo("SCOPE_MISSING");
        }

        @Test
        void anAgentMakesNothing() {
            Api agent = holder(make(owner, named("strong")));
            String id = withKey(new JsonObject())
                    .get("/api-keys")
                    .list()
                    .getJsonObject(0)
                    .getString("id");
            assertThat(agent.post(AGENTS, named("x")).code()).isEqualTo("PARENT_MUST_BE_API_KEY");
            assertThat(agent.post("/access-tokens", new JsonObject()).code()).isEqualTo("PARENT_MUST_BE_API_KEY");
            assertThat(agent.post("/api-keys", new JsonObject().put("label", "x"))
                            .code())
                    .isEqualTo("PERSON_REQUIRED");
            assertThat(agent.post("/api-keys/" + id + "/roll", new JsonObject()).code())
                    .isEqualTo("PERSON_REQUIRED");
            assertThat(agent.patch("/api-keys/" + id, new JsonObject().put("label", "x"))
                            .code())
                    .isEqualTo("KIND_NOT_ALLOWED");
        }

        @Test
        void aForeignAgentIsAbsent() {
            JsonObject mine = make(owner, named("mine"));
            var other = server.anotherOrg();
            Api stranger = server.api(other.key().exposeText()).in(other.orgId().toString());
            for (String id :
                    List.of(mine.getString("credential_id"), UUID.randomUUID().toString(), "x")) {
                Api.Answer answer = stranger.delete(AGENTS + "/" + id);
                assertThat(answer.status()).isEqualTo(404);
                assertThat(answer.code()).isEqualTo("CREDENTIAL_NOT_FOUND");
            }
            assertThat(stranger.get(AGENTS).list()).isEmpty();
            assertThat(holder(mine).in(other.orgId().toString()).get(VALUE).code())
                    .isEqualTo("ORG_NOT_FOUND");
            assertThat(owner.delete(AGENTS).status()).isEqualTo(405);
        }

        @Test
        void theNextOneBeyondTheLimitIsRefused() {
            try (TestServer small = TestServer.start(Map.of("credentials.agents", "2"))) {
                make(small.api(), named("1"));
                JsonObject second = make(small.api(), named("2"));
                assertThat(small.api().post(AGENTS, named("3")).code()).isEqualTo("LIMIT_REACHED");
                assertThat(small.api()
                                .delete(AGENTS + "/" + second.getString("credential_id"))
                                .status())
                        .isEqualTo(200);
                make(small.api(), named("3"));
            }
        }
    }
}
