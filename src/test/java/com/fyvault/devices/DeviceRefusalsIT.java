package com.fyvault.devices;

import static com.fyvault.support.Answers.created;
import static com.fyvault.support.Bodies.named;
import static com.fyvault.support.Bodies.texts;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.platform.CanIgnoreReturnValue;
import com.fyvault.support.Api;
import com.fyvault.support.ServerTest;
import com.fyvault.support.TestServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code /orgs/{org}/devices}: what is refused, by shape, by reach of the maker, by organization. */
class DeviceRefusalsIT extends ServerTest {
    private static final String DEVICES = "/devices";
    private static final String VALUE = "/secrets/by-name/%s/value";

    private String hot;
    private String database;

    @BeforeAll
    void prepare() {
        hot = server.createSecret("HOT", "warm");
        database = server.createSecret("db-url", "postgres://");
    }

    private static JsonObject secret(String id) {
        return new JsonObject().put("secretId", id);
    }

    @CanIgnoreReturnValue
    private static JsonObject register(Api by, JsonObject body) {
        return created(by.post(DEVICES, body));
    }

    private static String path(JsonObject device) {
        return DEVICES + "/" + device.getString("id");
    }

    @Test
    void everyFieldThatIsWrong() {
        Map<String, Object> wrong = Map.ofEntries(
                Map.entry("name", " "),
                Map.entry("hostname", "x".repeat(256)),
                Map.entry("fingerprint", "x".repeat(257)),
                Map.entry("fingerprint ", "x"),
                Map.entry("scopes", texts("SECRETS_READ")),
                Map.entry("allowedSecrets", texts("*")),
                Map.entry("expiresAt", "tomorrow"));
        wrong.forEach((field, value) -> {
            Api.Answer answer = owner.post(DEVICES, named("x").put(field, value));
            assertThat(answer.status()).as(field).isEqualTo(400);
            assertThat(answer.code()).as(field).isEqualTo("INVALID_FIELD");
        });
        assertThat(owner.post(DEVICES, named("x").put("fingerprint", "a b")).code())
                .isEqualTo("INVALID_FIELD");
        assertThat(owner.post(DEVICES, new JsonObject()).code()).isEqualTo("INVALID_FIELD");
        JsonObject made = register(
                owner, named("x".repeat(200)).put("hostname", "x".repeat(255)).put("fingerprint", "x".repeat(256)));
        assertThat(owner.patch(path(made), named("x".repeat(201))).status()).isEqualTo(400);
        assertThat(owner.patch(path(made), new JsonObject().put("fingerprint", "other"))
                        .code())
                .isEqualTo("INVALID_FIELD");
        assertThat(owner.post(path(made) + "/secrets", new JsonObject()).code()).isEqualTo("INVALID_FIELD");
    }

    @Test
    void aFingerprintIsOneLiveDevices() {
        JsonObject first = register(owner, named("1").put("fingerprint", "fp_one"));
        assertThat(owner.post(DEVICES, named("2").put("fingerprint", "fp_one")).code())
                .isEqualTo("NAME_TAKEN");
        var other = server.anotherOrg();
        // A public value: who knows it in another organization takes it from nobody.
        register(
                server.api(other.key().exposeText()).in(other.orgId().toString()),
                named("1").put("fingerprint", "fp_one"));
        assertThat(owner.delete(path(first)).status()).isEqualTo(200);
        register(owner, named("3").put("fingerprint", "fp_one"));
    }

    @Test
    void noMoreThanTheMakerHas() {
        Api weak = withKey(new JsonObject()
                .put("scopes", texts("SECRETS_READ", "DEVICES_READ", "DEVICES_WRITE"))
                .put("environments", texts("production"))
                .put("allowedSecrets", texts("db-*"))
                .put("ipAllowlist", texts("127.0.0.0/8"))
                .put("expiresInDays", 1));
        for (JsonObject more : List.of(
                named("x").put("allowedEnvironments", texts("staging")),
                named("x").put("ipAllowlist", texts("0.0.0.0/0")))) {
            assertThat(weak.post(DEVICES, more).code()).isEqualTo("EXCEEDS_PARENT");
        }
        JsonObject made = register(weak, named("x").put("neverExpires", true));
        assertThat(made.getJsonArray("allowedEnvironments"))
                .containsExactly(server.environmentId("production").toString());
        assertThat(made.getJsonArray("ipAllowlist")).containsExactly("127.0.0.0/8");
        assertThat(made.getString("expiresAt")).isNotNull();
        // Neither may its maker give what it may not use, nor does it help when the owner does.
        assertThat(weak.post(path(made) + "/secrets", secret(hot)).code()).isEqualTo("SECRET_NOT_FOUND");
        assertThat(weak.post(path(made) + "/secrets", secret(database)).status())
                .isEqualTo(200);
        assertThat(owner.post(path(made) + "/secrets", secret(hot)).status()).isEqualTo(200);
        Api device = owner.as(made.getString("token"));
        assertThat(device.get(VALUE.formatted("db-url")).status()).isEqualTo(200);
        assertThat(device.get(VALUE.formatted("HOT")).status()).isEqualTo(403);
        assertThat(device.get("/secrets/" + hot + "/value").status()).isEqualTo(404);
        assertThat(device.get(VALUE.formatted("db-url") + "?environment=staging")
                        .code())
                .isEqualTo("ENVIRONMENT_NOT_ALLOWED");
        assertThat(device.get("/secrets").list()).hasSize(1);
    }

    @Test
    void whoReadsNothingMakesAndWidensNobodyWhoDoes() {
        Api manager = withKey(new JsonObject().put("scopes", texts("DEVICES_READ", "DEVICES_WRITE")));
        assertThat(manager.post(DEVICES, named("x")).code()).isEqualTo("EXCEEDS_PARENT");
        JsonObject made = register(owner, named("owner's"));
        assertThat(manager.get(path(made)).status()).isEqualTo(200);
        assertThat(manager.get(DEVICES).text()).contains(made.getString("id"));
        assertThat(manager.post(path(made) + "/secrets", secret(hot)).code()).isEqualTo("EXCEEDS_PARENT");
        assertThat(manager.patch(path(made), named("x")).code()).isEqualTo("EXCEEDS_PARENT");
        assertThat(manager.delete(path(made)).code()).isEqualTo("EXCEEDS_PARENT");
        Api reader = withKey(new JsonObject().put("scopes", texts("DEVICES_READ", "SECRETS_READ")));
        assertThat(reader.post(DEVICES, named("x")).code()).isEqualTo("SCOPE_MISSING");
        assertThat(reader.post(path(made) + "/secrets", secret(hot)).code()).isEqualTo("SCOPE_MISSING");
        Api test = withKey(new JsonObject().put("kind", "test"));
        JsonObject tester = register(test, named("of a test key"));
        assertThat(test.post(path(tester) + "/secrets", secret(hot)).status()).isEqualTo(200);
        assertThat(owner.as(tester.getString("token"))
                        .get(VALUE.formatted("HOT"))
                        .code())
                .isEqualTo("ENVIRONMENT_NOT_ALLOWED");
    }

    @Test
    void itIsCutDownAndEndsWithItsMaker() {
        JsonObject key = server.key(new JsonObject().put("label", "wide"));
        JsonObject made = register(owner.as(key.getString("key")), named("child"));
        assertThat(owner.post(path(made) + "/secrets", secret(hot)).status()).isEqualTo(200);
        Api device = owner.as(made.getString("token"));
        assertThat(device.get(VALUE.formatted("HOT")).status()).isEqualTo(200);
        assertThat(owner.patch(
                                "/api-keys/" + key.getString("id"),
                                new JsonObject().put("allowedSecrets", texts("db-*")))
                        .status())
                .isEqualTo(200);
        assertThat(device.get(VALUE.formatted("HOT")).status()).isEqualTo(403);
        assertThat(owner.delete("/api-keys/" + key.getString("id")).status()).isEqualTo(200);
        assertThat(device.get(VALUE.formatted("HOT")).code()).isEqualTo("TOKEN_REVOKED");
    }

    @Test
    void whatIsForeignIsAbsent() {
        JsonObject mine = register(owner, named("mine"));
        var other = server.anotherOrg();
        Api stranger = server.api(other.key().exposeText()).in(other.orgId().toString());
        for (String id : List.of(mine.getString("id"), UUID.randomUUID().toString(), "x")) {
            for (Api.Answer answer : List.of(
                    stranger.get(DEVICES + "/" + id),
                    stranger.patch(DEVICES + "/" + id, named("x")),
                    stranger.delete(DEVICES + "/" + id),
                    stranger.delete(DEVICES + "/" + id + "/secrets/" + hot))) {
                assertThat(answer.status()).isEqualTo(404);
                assertThat(answer.code()).isEqualTo("CREDENTIAL_NOT_FOUND");
            }
        }
        JsonObject theirs = register(stranger, named("theirs"));
        for (String id : List.of(hot, UUID.randomUUID().toString(), "x")) {
            assertThat(stranger.post(path(theirs) + "/secrets", secret(id)).code())
                    .isEqualTo("SECRET_NOT_FOUND");
        }
        assertThat(owner.delete("/secrets/" + server.createSecret("GONE", "v")).status())
                .isEqualTo(200);
        assertThat(stranger.get(DEVICES).list()).hasSize(1);
        assertThat(owner.as(mine.getString("token"))
                        .in(other.orgId().toString())
                        .get("/secrets")
                        .code())
                .isEqualTo("ORG_NOT_FOUND");
        assertThat(owner.delete(DEVICES).status()).isEqualTo(405);
    }

    @Test
    void aRowThatWasChangedByHandIsRefused() {
        JsonObject made = register(owner, named("sealed").put("fingerprint", "fp_sealed"));
        UUID id = UUID.fromString(made.getString("id"));
        server.database().execute("update device set fingerprint = 'fp_thief' where credential_id = '" + id + "'");
        assertThat(owner.get(path(made)).code()).isEqualTo("SEALED_VALUE_REFUSED");
        JsonObject reader = register(owner, named("widened"));
        server.database()
                .execute("update credential set secret_patterns = '{#,#" + hot + "}' where credential_id = '"
                        + UUID.fromString(reader.getString("id")) + "'");
        assertThat(owner.as(reader.getString("token"))
                        .get(VALUE.formatted("HOT"))
                        .code())
                .isEqualTo("SEALED_VALUE_REFUSED");
        // Whoever lists them would meet the rows.
        server.database()
                .execute("delete from credential where credential_id in ('" + id + "', '"
                        + UUID.fromString(reader.getString("id")) + "')");
    }

    @Test
    void atTheLimitsAndOnePast() {
        try (TestServer small = TestServer.start(Map.of("credentials.devices", "2"))) {
            JsonObject first = register(small.api(), named("1"));
            JsonObject second = register(small.api(), named("2"));
            assertThat(small.api().post(DEVICES, named("3")).code()).isEqualTo("LIMIT_REACHED");
            assertThat(small.api().delete(path(second)).status()).isEqualTo(200);
            register(small.api(), named("3"));
            small.database()
                    .execute("insert into secret (org_id, secret_id, project_id, name, name_key, secret_type,"
                            + " encryption_mode, created_by) select '" + small.orgId() + "', gen_random_uuid(), '"
                            + small.projectId() + "', 'S' || n, 's' || n, 'GENERIC', 'server', 'system'"
                            + " from generate_series(1, 501) n");
            JsonArray ids = small.api().get("/secrets?environment=*").list();
            for (int i = 0; i < 501; i++) {
                Api.Answer answer = small.api()
                        .post(
                                path(first) + "/secrets",
                                secret(ids.getJsonObject(i).getString("id")));
                assertThat(answer.status()).as("secret " + i).isEqualTo(i < 500 ? 200 : 409);
            }
            // What it has already is no further one.
            assertThat(small.api()
                            .post(
                                    path(first) + "/secrets",
                                    secret(ids.getJsonObject(0).getString("id")))
                            .status())
                    .isEqualTo(200);
        }
    }
}
