package com.fyvault.providers;

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
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** {@code /orgs/{org}/providers}: what is refused. */
class ProviderRefusalsIT extends ServerTest {
    private static final String PROVIDERS = "/providers";

    @CanIgnoreReturnValue
    private static JsonObject make(Api by, JsonObject body) {
        return created(by.post(PROVIDERS, body));
    }

    private static String path(JsonObject made) {
        return PROVIDERS + "/" + made.getJsonObject("provider").getString("providerId");
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class Answers400 {
        @Test
        void everyFieldThatIsWrong() {
            Map<String, Object> wrong = Map.ofEntries(
                    Map.entry("name", ""),
                    Map.entry("providerType", " "),
                    Map.entry("description", "x".repeat(1_001)),
                    Map.entry("rateLimitRpm", 0),
                    Map.entry("allowedSecretPrefix", "a*b"),
                    Map.entry("allowedEnvironments", texts("a/b")),
                    Map.entry("scopes", texts("SECRETS_READ")),
                    Map.entry("allowedSecrets", texts("*")),
                    Map.entry("secret_name", "x"));
            wrong.forEach((field, value) -> {
                Api.Answer answer = owner.post(PROVIDERS, named("x").put(field, value));
                assertThat(answer.status()).as(field).isEqualTo(400);
                assertThat(answer.code()).as(field).isEqualTo("INVALID_FIELD");
            });
            assertThat(owner.post(PROVIDERS, new JsonObject()).code()).isEqualTo("INVALID_FIELD");
            assertThat(owner.post(PROVIDERS, named("x").put("ipAllowlist", texts("10.0.0.1/8")))
                            .code())
                    .isEqualTo("INVALID_CIDR");
        }

        @Test
        void nameAndTypeCannotChangeAndARotationIsNoSetting() {
            JsonObject made = make(owner, named("fixed"));
            for (JsonObject body : List.of(
                    named("other"),
                    new JsonObject().put("providerType", "x"),
                    new JsonObject().put("secret_name", "A").put("value", "v"))) {
                assertThat(owner.patch(path(made), body).code()).isEqualTo("INVALID_FIELD");
            }
        }

        @Test
        void atTheLimitsAndOnePast() {
            make(
                    owner,
                    named("x".repeat(200))
                            .put("providerType", "x".repeat(64))
                            .put("description", "x".repeat(1_000))
                            .put("rateLimitRpm", 1_000_000_000)
                            .put("allowedSecretPrefix", "x".repeat(128)));
            for (JsonObject past : List.of(
                    named("x".repeat(201)),
                    named("x").put("providerType", "x".repeat(65)),
                    named("x").put("rateLimitRpm", 1_000_000_001L),
                    named("x").put("allowedSecretPrefix", "x".repeat(129)))) {
                assertThat(owner.post(PROVIDERS, past).status()).isEqualTo(400);
            }
        }
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class Answers403 {
        @Test
        void noMoreThanTheMakerHas() {
            Api weak = withKey(new JsonObject()
                    .put("scopes", texts("SECRETS_WRITE", "PROVIDERS_WRITE"))
                    .put("environments", texts("staging"))
                    .put("allowedSecrets", texts("db-*"))
                    .put("ipAllowlist", texts("127.0.0.0/8")));
            for (JsonObject more : List.of(
                    named("x").put("allowedEnvironments", texts("production")),
                    named("x").put("allowedSecretPrefix", "d"),
                    named("x").put("ipAllowlist", texts("0.0.0.0/0")))) {
                assertThat(weak.post(PROVIDERS, more).code()).isEqualTo("EXCEEDS_PARENT");
            }
            JsonObject made = make(weak, named("x"));
            JsonObject given = made.getJsonObject("provider");
            assertThat(given.getJsonArray("allowedEnvironments"))
                    .containsExactly(server.environmentId("staging").toString());
            assertThat(given.getJsonArray("allowedSecrets")).containsExactly("db-*");
            assertThat(given.getJsonArray("ipAllowlist")).containsExactly("127.0.0.0/8");
            assertThat(weak.patch(path(made), new JsonObject().put("allowedEnvironments", texts("production")))
                            .code())
                    .isEqualTo("EXCEEDS_PARENT");
            // Lifted as far as the maker's own: no restriction of its own is the maker's.
            assertThat(weak.patch(path(made), new JsonObject().put("allowedSecretPrefix", ""))
                            .data()
                            .getJsonArray("allowedSecrets"))
                    .containsExactly("db-*");
            assertThat(weak.get(PROVIDERS).list()).hasSize(1);
            JsonObject strong = make(owner, named("strong"));
            assertThat(weak.get(path(strong)).status()).isEqualTo(404);
            assertThat(weak.delete(path(strong)).status()).isEqualTo(404);
        }

        @Test
        void whoCannotWriteSecretsMakesNobodyWhoCan() {
            Api manager = withKey(new JsonObject().put("scopes", texts("PROVIDERS_WRITE", "SECRETS_READ")));
            assertThat(manager.post(PROVIDERS, named("x")).code()).isEqualTo("EXCEEDS_PARENT");
            JsonObject made = make(owner, named("seen"));
            assertThat(manager.get(path(made)).status()).isEqualTo(200);
            assertThat(manager.patch(path(made), new JsonObject().put("description", "x"))
                            .code())
                    .isEqualTo("EXCEEDS_PARENT");
            assertThat(manager.delete(path(made)).code()).isEqualTo("EXCEEDS_PARENT");
        }

        @Test
        void theScopeIsNeededAndAgentsMakeAndEditNone() {
            JsonObject made = make(owner, named("kept"));
            Api reader =
                    withKey(new JsonObject().put("scopes", texts("SECRETS_READ", "SECRETS_WRITE", "TOKENS_WRITE")));
            assertThat(reader.post(PROVIDERS, named("x")).code()).isEqualTo("SCOPE_MISSING");
            assertThat(reader.get(PROVIDERS).code()).isEqualTo("SCOPE_MISSING");
            assertThat(reader.patch(path(made), new JsonObject()).code()).isEqualTo("SCOPE_MISSING");
            assertThat(reader.delete(path(made)).code()).isEqualTo("SCOPE_MISSING");
            Api agent = owner.as(
                    owner.post("/agent-credentials", named("agent")).data().getString("credential"));
            assertThat(agent.post(PROVIDERS, named("x")).code()).isEqualTo("PARENT_MUST_BE_API_KEY");
            assertThat(agent.patch(path(made), new JsonObject()).code()).isEqualTo("KIND_NOT_ALLOWED");
        }
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class Answers404And409 {
        @Test
        void aForeignProviderIsAbsent() {
            JsonObject mine = make(owner, named("mine"));
            var other = server.anotherOrg();
            Api stranger = server.api(other.key().exposeText()).in(other.orgId().toString());
            String id = mine.getJsonObject("provider").getString("providerId");
            for (String named : List.of(id, UUID.randomUUID().toString(), "x")) {
                for (Api.Answer answer : List.of(
                        stranger.get(PROVIDERS + "/" + named),
                        stranger.patch(PROVIDERS + "/" + named, new JsonObject().put("description", "x")),
                        stranger.delete(PROVIDERS + "/" + named))) {
                    assertThat(answer.status()).isEqualTo(404);
                    assertThat(answer.code()).isEqualTo("CREDENTIAL_NOT_FOUND");
                    assertThat(answer.json().getString("error")).isEqualTo("Token not found");
                }
            }
            assertThat(stranger.get(PROVIDERS).list()).isEmpty();
            assertThat(owner.as(mine.getString("token"))
                            .in(other.orgId().toString())
                            .patch(PROVIDERS + "/" + id, new JsonObject())
                            .code())
                    .isEqualTo("ORG_NOT_FOUND");
            // Another kind's id is no provider's.
            String key = owner.get("/api-keys").list().getJsonObject(0).getString("id");
            assertThat(owner.get(PROVIDERS + "/" + key).status()).isEqualTo(404);
            assertThat(owner.delete(PROVIDERS + "/" + key).status()).isEqualTo(404);
            assertThat(owner.delete(PROVIDERS).status()).isEqualTo(405);
        }

        @Test
        void theNextOneBeyondTheLimitIsRefused() {
            try (TestServer small = TestServer.start(Map.of("credentials.providers", "2"))) {
                make(small.api(), named("1"));
                JsonObject second = make(small.api(), named("2"));
                assertThat(small.api().post(PROVIDERS, named("3")).code()).isEqualTo("LIMIT_REACHED");
                assertThat(small.api().delete(path(second)).status()).isEqualTo(200);
                make(small.api(), named("3"));
            }
        }
    }
}
