package com.fyvault.proofs;

import static com.fyvault.support.Answers.isRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What breaks the published clients when a server gets it wrong, and the routes of secrets by status. */
class SecretsContractIT extends SecretsTest {
    /** Numbers of CONTRACT.md 3.5. */
    @Nested
    class Checklist {
        @Test
        void n01_deleteAnswers200WithABody() {
            Api.Answer answer = server.api().delete("/secrets/" + secret().getString("id"));
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.json().getBoolean("success")).isTrue();
        }

        @Test
        void n02_aJsonContentTypeWithoutABodyIsFine() {
            String id = secret().getString("id");
            assertThat(server.api().get("/secrets/" + id).status()).isEqualTo(200);
            assertThat(server.api()
                            .send("POST", "/secrets/" + id + "/rotate", "")
                            .status())
                    .isEqualTo(200);
            assertThat(server.api().delete("/secrets/" + id).status()).isEqualTo(200);
        }

        @Test
        void n03_n04_errorsAreJsonWithAStringWhateverTheRoute() {
            isRefused(server.api().get("/nowhere"), 404, "ROUTE_NOT_FOUND");
            isRefused(server.api().get("//nowhere"), 404, "ROUTE_NOT_FOUND");
            isRefused(server.api().send("PUT", "/secrets", "{}"), 405, "METHOD_NOT_ALLOWED");
            isRefused(server.api().send("POST", "/secrets", "x".repeat(9_000_000)), 413, "BODY_TOO_LARGE");
            isRefused(server.api().send("POST", "/secrets", "{not json"), 400, "MALFORMED_JSON");
            isRefused(server.api().send("POST", "/secrets", "[]"), 400, "MALFORMED_JSON");
        }

        @Test
        void n06_bothSpellingsAreThere() {
            JsonObject made = secret();
            for (JsonObject seen :
                    List.of(made, server.api().get("/secrets").list().getJsonObject(0))) {
                assertThat(seen.fieldNames())
                        .contains("id", "secret_id", "secret_type", "secretType", "injection_config", "injectionConfig")
                        .contains("encryption_mode", "encryptionMode", "current_version", "version", "deviceCount")
                        .contains("created_at", "createdAt", "updated_at", "updatedAt", "last_rotated_at");
            }
        }

        @Test
        void n07_idsAreStringsAndNumbersAreWhole() {
            JsonObject made = secret();
            assertThat(made.getValue("id")).isInstanceOf(String.class);
            assertThat(made.getValue("version")).isInstanceOf(Integer.class);
            JsonObject version = server.api()
                    .get("/secrets/" + made.getString("id") + "/versions")
                    .list()
                    .getJsonObject(0);
            assertThat(version.getValue("createdBy")).isInstanceOf(String.class);
            assertThat(version.getValue("created_by")).isInstanceOf(Integer.class);
            assertThat(version.getValue("version")).isInstanceOf(Integer.class);
        }

        @Test
        void n08_listsAreBareArrays() {
            assertThat(server.api().get("/secrets").json().getValue("data")).isInstanceOf(JsonArray.class);
            assertThat(server.api().get("/environments").json().getValue("data"))
                    .isInstanceOf(JsonArray.class);
        }

        @Test
        void n09_byNameIsNotAnId() {
            String name = secret().getString("name");
            assertThat(server.api().get("/secrets/by-name/" + name).data().getString("name"))
                    .isEqualTo(name);
            isRefused(server.api().get("/secrets/by-name"), 404, "ROUTE_NOT_FOUND");
        }

        @Test
        void n12_anEnvironmentIsMeantByNameOrId() {
            String id = secret().getString("id");
            UUID production = server.environmentId("production");
            for (String reference : List.of("production", "Production", production.toString())) {
                assertThat(server.api()
                                .get("/secrets/" + id + "/value?environment=" + reference)
                                .status())
                        .isEqualTo(200);
            }
            isRefused(server.api().get("/secrets/" + id + "/value?environment=mars"), 404, "ENVIRONMENT_NOT_FOUND");
        }

        @Test
        void n13_listItemsNeverHoldAValue() {
            secret().getString("id");
            server.api()
                    .get("/secrets")
                    .list()
                    .forEach(item ->
                            assertThat(((JsonObject) item).containsKey("value")).isFalse());
        }

        @Test
        void n15_cloudAndDeviceAreModes() {
            Api.Answer cloud = server.api().post("/secrets", named("CLOUD_1").put("encryptionMode", "CLOUD"));
            Api.Answer device = server.api().post("/secrets", named("DEVICE_1").put("encryptionMode", "DEVICE"));
            assertThat(cloud.data().getString("encryption_mode")).isEqualTo("server");
            assertThat(device.data().getString("encryption_mode")).isEqualTo("client");
            isRefused(server.api().get("/secrets/by-name/DEVICE_1/value"), 409, "CLIENT_ENCRYPTED");
        }

        @Test
        void n17_bothSpellingsOfAScopeAreKnown() {
            String name = secret().getString("name");
            for (String scope : List.of("secrets:read", "SECRETS_READ", "vault:read")) {
                assertThat(limited(scope).value(name)).isEqualTo("value of " + name);
            }
        }

        @Test
        void n20_nullIsTheSameAsAbsent() {
            JsonObject body = named("NULLS")
                    .putNull("description")
                    .putNull("clientEncryptedValue")
                    .putNull("injectionConfig")
                    .putNull("encryptionMode");
            assertThat(server.api().post("/secrets", body).status()).isEqualTo(201);
        }
    }

    @Nested
    class Answers200 {
        @Test
        void bothPrefixesAndDoubledSlashesLeadToTheSame() {
            JsonObject made = secret();
            String org = server.orgId().toString();
            String path = "/orgs/" + org + "/secrets/by-name/" + made.getString("name") + "/value";
            for (String prefix : List.of("//api/v1", "//v1", "//api/v1/", "//api//v1")) {
                assertThat(server.api().get(prefix + path).status()).as(prefix).isEqualTo(200);
            }
        }

        @Test
        void aWriteIsWhatTheNextReadSees() {
            JsonObject made = secret();
            for (int i = 0; i < 20; i++) {
                Api.Answer written =
                        server.api().patch("/secrets/" + made.getString("id"), new JsonObject().put("value", "v" + i));
                assertThat(written.status()).isEqualTo(200);
                assertThat(server.api().value(made.getString("name"))).isEqualTo("v" + i);
            }
        }

        @Test
        void rotateMakesAValueAndRollbackBringsBackTheOld() {
            JsonObject made = secret();
            String path = "/secrets/" + made.getString("id");
            String name = made.getString("name");
            Api.Answer rotated = server.api().post(path + "/rotate", new JsonObject());
            assertThat(rotated.data().getInteger("version")).isEqualTo(2);
            assertThat(server.api().value(name)).hasSize(43);
            Api.Answer back = server.api().post(path + "/rollback", new JsonObject().put("version", 1));
            assertThat(back.data().getInteger("version")).isEqualTo(3);
            assertThat(server.api().value(name)).isEqualTo("value of " + name);
        }

        @Test
        void deletedSecretsComeBackWithTheirValue() {
            JsonObject made = secret();
            String path = "/secrets/" + made.getString("id");
            assertThat(server.api().delete(path).status()).isEqualTo(200);
            isRefused(server.api().get(path + "/value"), 404, "SECRET_NOT_FOUND");
            assertThat(server.api().post(path + "/undelete", new JsonObject()).status())
                    .isEqualTo(200);
            assertThat(server.api().value(made.getString("name"))).startsWith("value of");
        }

        @Test
        void valuesOfEverySizeUpToTheLimitComeBackAsTheyWere() {
            for (int size : new int[] {0, 1, 65_535, 65_536, 65_537, 1_048_576}) {
                String value = "ä\"\\\n\u0001x".repeat(size / 5 + 1).substring(0, Math.min(size, size / 2));
                String name = "SIZE_" + size;
                assertThat(server.api()
                                .post("/secrets", named(name).put("value", value))
                                .status())
                        .isEqualTo(201);
                assertThat(server.api().value(name)).isEqualTo(value);
            }
        }

        @Test
        void anUnchangedValueIs304AndAChangedOneIsNot() {
            JsonObject made = secret();
            String path = "/secrets/by-name/" + made.getString("name") + "/value";
            String tag = server.api().get(path).etag();
            Api.Answer same = server.api().get(path, "If-None-Match", tag);
            assertThat(same.status()).isEqualTo(304);
            assertThat(same.text()).isEmpty();
            assertThat(server.api()
                            .patch("/secrets/" + made.getString("id"), new JsonObject().put("value", "n"))
                            .status())
                    .isEqualTo(200);
            assertThat(server.api().get(path, "If-None-Match", tag).status()).isEqualTo(200);
        }
    }
}
