package com.fyvault.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.ServerTest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** {@code /orgs/{org}/api-keys}: what is refused, by status. */
class ApiKeyRefusalsIT extends ServerTest {
    private static final String KEYS = "/api-keys";

    private TestKeys keys;

    @BeforeAll
    void prepare() {
        keys = new TestKeys(server);
        server.createSecret("API_KEY", "s3cret");
        server.createSecret("OTHER", "other");
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class Answers400 {
        @Test
        void forFieldsThatAreWrong() {
            for (JsonObject body : List.of(
                    new JsonObject(),
                    new JsonObject().put("label", " "),
                    labelled().put("expiresInDays", 0),
                    labelled().put("expiresInDays", "7"),
                    labelled().put("expiresAt", "tomorrow"),
                    labelled().put("expiresAt", "2001-01-01T00:00:00Z"),
                    labelled().put("expiresAt", "2030-01-01T00:00:00Z").put("neverExpires", true),
                    labelled().put("allowedSecrets", new JsonArray().add("a*b")),
                    labelled().put("allowedSecrets", new JsonArray().add("")),
                    labelled().put("environments", "production"),
                    labelled().put("ttlSeconds", 900),
                    labelled().put("allowedProjects", new JsonArray().add("default")),
                    labelled().put("rate_limit_rpm", -1),
                    labelled().put("requestsPerMinute", 10),
                    labelled().put("projects", new JsonArray().add("a/b")))) {
                assertThat(person().post(KEYS, body).code()).as(body.encode()).isEqualTo("INVALID_FIELD");
            }
            assertThat(owner.get(KEYS + "?limit=0").code()).isEqualTo("INVALID_FIELD");
            assertThat(owner.get(KEYS + "?cursor=x").code()).isEqualTo("INVALID_FIELD");
        }

        @Test
        void forScopesAndRangesThatAreNone() {
            assertThat(person().post(KEYS, TestKeys.scopes("secrets:fly").put("label", "x"))
                            .code())
                    .isEqualTo("INVALID_SCOPE");
            assertThat(person().post(KEYS, TestKeys.scopes().put("label", "x")).code())
                    .isEqualTo("INVALID_SCOPE");
            for (String cidr : List.of("10.0.0.1/8", "10.0.0.0/33", "localhost", "1.2.3", "*", "")) {
                JsonObject body = labelled().put("cidrs", new JsonArray().add(cidr));
                assertThat(person().post(KEYS, body).code()).as(cidr).isEqualTo("INVALID_CIDR");
            }
        }

        @Test
        void beyondSixtyFourRanges() {
            JsonArray ranges = new JsonArray();
            for (int i = 0; i < 64; i++) {
                ranges.add("10.0." + i + ".0/24");
            }
            assertThat(person().post(KEYS, labelled().put("cidrs", ranges)).status())
                    .isEqualTo(201);
            assertThat(person().post(KEYS, labelled().put("cidrs", ranges.copy().add("10.0.64.0/24")))
                            .code())
                    .isEqualTo("INVALID_FIELD");
        }

        private JsonObject labelled() {
            return new JsonObject().put("label", "x");
        }
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class Answers403 {
        @Test
        void withoutTheScope() {
            Api reader = keys.holderOf(keys.make(TestKeys.scopes("SECRETS_READ")));
            assertThat(reader.get(KEYS).code()).isEqualTo("SCOPE_MISSING");
            assertThat(reader.post(KEYS, new JsonObject().put("label", "x")).code())
                    .isEqualTo("SCOPE_MISSING");
        }

        @Test
        void aKeyMakesNoKeyAndRollsNone() {
            JsonObject made = keys.make(new JsonObject());
            Api strong = keys.holderOf(made);
            for (JsonObject body : List.of(
                    new JsonObject(),
                    TestKeys.scopes("SECRETS_READ"),
                    new JsonObject().put("kind", "public"),
                    new JsonObject().put("kind", "test"))) {
                Api.Answer answer = strong.post(KEYS, body.put("label", "x"));
                assertThat(answer.status()).isEqualTo(403);
                assertThat(answer.code()).as(body.encode()).isEqualTo("PERSON_REQUIRED");
            }
            assertThat(strong.post(KEYS + "/" + made.getString("id") + "/roll", new JsonObject())
                            .code())
                    .isEqualTo("PERSON_REQUIRED");
        }

        @Test
        void aKeyWidensNoKeyAndNarrowsIt() {
            Api strong = keys.holderOf(keys.make(new JsonObject().put("neverExpires", true)));
            JsonObject limits = new JsonObject().put("perMinute", 1_000);
            String path = KEYS + "/"
                    + keys.make(TestKeys.scopes("SECRETS_READ")
                                    .put("environments", new JsonArray().add("staging"))
                                    .put("allowedSecrets", new JsonArray().add("API_*"))
                                    .put("cidrs", new JsonArray().add("127.0.0.0/16"))
                                    .put("limits", limits)
                                    .put("expiresInDays", 10))
                            .getString("id");
            for (JsonObject body : List.of(
                    TestKeys.scopes("SECRETS_READ", "SECRETS_WRITE"),
                    new JsonObject().put("environments", new JsonArray().add("production")),
                    new JsonObject().put("environments", new JsonArray()),
                    new JsonObject().put("allowedSecrets", new JsonArray().add("A*")),
                    new JsonObject().put("allowedSecrets", new JsonArray()),
                    new JsonObject().put("cidrs", new JsonArray().add("127.0.0.0/8")),
                    new JsonObject().put("cidrs", new JsonArray()),
                    new JsonObject().put("limits", new JsonObject()),
                    new JsonObject().put("rateLimitRpm", 1_001),
                    new JsonObject().put("expiresInDays", 11),
                    new JsonObject().put("neverExpires", true))) {
                assertThat(strong.patch(path, body).code()).as(body.encode()).isEqualTo("PERSON_REQUIRED");
            }
            for (JsonObject body : List.of(
                    new JsonObject().put("label", "renamed"),
                    new JsonObject().put("allowedSecrets", new JsonArray().add("API_KEY")),
                    new JsonObject().put("cidrs", new JsonArray().add("127.0.0.0/24")),
                    new JsonObject().put("rateLimitRpm", 999),
                    new JsonObject().put("expiresInDays", 9))) {
                assertThat(strong.patch(path, body).status()).as(body.encode()).isEqualTo(200);
            }
        }

        @Test
        void aWeakKeyCannotChangeAStrongOne() {
            String strong =
                    keys.make(TestKeys.scopes("SECRETS_READ", "SECRETS_WRITE")).getString("id");
            Api weak = keys.holderOf(keys.make(TestKeys.scopes("SECRETS_READ", "TOKENS_WRITE")));
            assertThat(weak.post(KEYS + "/" + strong + "/roll", new JsonObject())
                            .code())
                    .isEqualTo("PERSON_REQUIRED");
            assertThat(weak.patch(KEYS + "/" + strong, new JsonObject().put("label", "x"))
                            .code())
                    .isEqualTo("EXCEEDS_PARENT");
            assertThat(weak.delete(KEYS + "/" + strong).code()).isEqualTo("EXCEEDS_PARENT");
        }

        @Test
        void aKeyCannotWidenItself() {
            JsonObject made = keys.make(TestKeys.scopes("SECRETS_READ", "TOKENS_WRITE"));
            Api.Answer answer = keys.holderOf(made)
                    .patch(
                            KEYS + "/" + made.getString("id"),
                            TestKeys.scopes("SECRETS_READ", "TOKENS_WRITE", "ORG_ADMIN"));
            assertThat(answer.code()).isEqualTo("EXCEEDS_PARENT");
        }
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class Answers404 {
        @Test
        void aForeignIdAndAnAbsentIdAreTheSame() {
            var other = server.anotherOrg();
            Api stranger = server.api(other.key().exposeText()).in(other.orgId().toString());
            String mine = keys.make(TestKeys.scopes("SECRETS_READ")).getString("id");
            for (String id : List.of(mine, UUID.randomUUID().toString(), "x")) {
                for (Api.Answer answer : List.of(
                        stranger.get(KEYS + "/" + id),
                        stranger.patch(KEYS + "/" + id, new JsonObject().put("label", "x")),
                        stranger.delete(KEYS + "/" + id),
                        stranger.delete("/access-tokens/" + id))) {
                    assertThat(answer.status()).isEqualTo(404);
                    assertThat(answer.json().getString("error")).isEqualTo("Token not found");
                }
            }
        }

        @Test
        void aConfinedKeySeesOnlyWhatDescendsFromIt() {
            JsonObject confined = keys.make(TestKeys.scopes("SECRETS_READ", "TOKENS_WRITE")
                    .put("environments", new JsonArray().add("staging")));
            String other = keys.make(TestKeys.scopes("SECRETS_READ")).getString("id");
            Api holder = keys.holderOf(confined);
            assertThat(holder.get(KEYS + "/" + other).status()).isEqualTo(404);
            assertThat(holder.get(KEYS + "/" + confined.getString("id")).status())
                    .isEqualTo(200);
            assertThat(holder.get(KEYS).list()).hasSize(1);
        }

        @Test
        void placesThatDoNotExist() {
            assertThat(person().post(
                                    KEYS,
                                    new JsonObject()
                                            .put("label", "x")
                                            .put("environments", new JsonArray().add("nowhere")))
                            .code())
                    .isEqualTo("ENVIRONMENT_NOT_FOUND");
            assertThat(person().post(
                                    KEYS,
                                    new JsonObject()
                                            .put("label", "x")
                                            .put(
                                                    "projects",
                                                    new JsonArray()
                                                            .add(UUID.randomUUID()
                                                                    .toString())))
                            .code())
                    .isEqualTo("PROJECT_NOT_FOUND");
        }

        @Test
        void aRevokedKeyIsNotChanged() {
            JsonObject made = keys.make(TestKeys.scopes("SECRETS_READ"));
            String path = KEYS + "/" + made.getString("id");
            assertThat(owner.delete(path).status()).isEqualTo(200);
            assertThat(person().patch(path, new JsonObject().put("label", "x")).status())
                    .isEqualTo(404);
            assertThat(person().post(path + "/roll", new JsonObject()).status()).isEqualTo(404);
        }
    }
}
