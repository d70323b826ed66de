package com.fyvault.devices;

import static com.fyvault.support.Answers.created;
import static com.fyvault.support.Bodies.named;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.platform.CanIgnoreReturnValue;
import com.fyvault.support.Api;
import com.fyvault.support.ServerTest;
import com.fyvault.support.TestServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code /orgs/{org}/devices}: what works, and what a device reads. What is refused stands in {@link DeviceRefusalsIT}. */
class DevicesIT extends ServerTest {
    private static final String DEVICES = "/devices";
    private static final String VALUE = "/secrets/by-name/%s/value";

    private String hot;
    private String cold;

    @BeforeAll
    void prepare() {
        hot = server.createSecret("HOT", "warm");
        cold = server.createSecret("COLD", "ice");
    }

    @CanIgnoreReturnValue
    private JsonObject register(JsonObject body) {
        return created(owner.post(DEVICES, body));
    }

    private static String path(JsonObject device) {
        return DEVICES + "/" + device.getString("id");
    }

    private Api holder(JsonObject device) {
        return owner.as(device.getString("token"));
    }

    @CanIgnoreReturnValue
    private JsonObject assign(JsonObject device, String secretId) {
        Api.Answer answer = owner.post(path(device) + "/secrets", new JsonObject().put("secretId", secretId));
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return answer.data();
    }

    private static String code(Api by, String name) {
        Api.Answer answer = by.get(VALUE.formatted(name));
        return answer.status() == 200 ? "200" : answer.code();
    }

    @Test
    void theAnswerHasEveryNameInBothSpellings() {
        JsonObject made = register(named("box").put("hostname", "box.example.com"));
        assertThat(made.getString("token")).startsWith("fvdev_");
        assertThat(made.getString("device_id")).isEqualTo(made.getString("id"));
        assertThat(made.getString("name")).isEqualTo("box");
        assertThat(made.getString("hostname")).isEqualTo("box.example.com");
        assertThat(made.getString("fingerprint")).isEmpty();
        assertThat(made.getString("status")).isEqualTo("offline");
        assertThat(made.getValue("secretCount")).isEqualTo(0).isEqualTo(made.getValue("secret_count"));
        assertThat(made.getString("created_at")).isEqualTo(made.getString("createdAt"));
        for (String absent :
                List.of("agent_version", "last_boot_at", "last_heartbeat_at", "lastSeen", "last_seen", "revokedAt")) {
            assertThat(made.containsKey(absent)).as(absent).isTrue();
            assertThat(made.getValue(absent)).as(absent).isNull();
        }
        JsonObject seen = owner.get(path(made)).data();
        JsonObject shown = made.copy();
        var _ = shown.remove("token");
        assertThat(seen).isEqualTo(shown);
        var _ = shown.remove("secret_ids");
        var _ = shown.remove("secretIds");
        assertThat(owner.get(DEVICES).list()).contains(shown);
    }

    @Test
    void withAFingerprintNobodyHasAToken() {
        JsonObject made = register(named("certified").put("fingerprint", "fp_1"));
        assertThat(made.fieldNames()).doesNotContain("token");
        assertThat(made.getString("fingerprint")).isEqualTo("fp_1");
        assertThat(register(named("empty").put("fingerprint", "")).fieldNames()).contains("token");
    }

    @Test
    void aDeviceReadsWhatItWasAssignedAndNothingElse() {
        JsonObject made = register(named("reader"));
        Api device = holder(made);
        assertThat(code(device, "HOT")).isEqualTo("SECRET_NOT_FOUND");
        assertThat(device.get("/secrets").list()).isEmpty();
        JsonObject assigned = assign(made, hot);
        assertThat(assigned.getValue("secretCount")).isEqualTo(1);
        assertThat(assigned.getJsonArray("secret_ids")).containsExactly(hot);
        assertThat(device.value("HOT")).isEqualTo("warm");
        assertThat(device.get("/secrets/" + hot + "/value").data().getString("value"))
                .isEqualTo("warm");
        for (String other : List.of(VALUE.formatted("COLD"), "/secrets/" + cold + "/value", VALUE.formatted("NONE"))) {
            Api.Answer answer = device.get(other);
            assertThat(answer.status()).as(other).isEqualTo(404);
            assertThat(answer.json().getString("error")).isEqualTo("Secret not found");
        }
        JsonArray listed = device.get("/secrets").list();
        assertThat(listed).hasSize(1);
        assertThat(listed.getJsonObject(0).getString("id")).isEqualTo(hot);
        assertThat(device.get("/secrets?environment=staging").list()).isEmpty();
        assertThat(device.get("/secrets?environment=*&search=cold").list()).isEmpty();
    }

    @Test
    void theListIsNotCutShortByWhatTheDeviceDoesNotSee() {
        for (int i = 0; i < 3; i++) {
            server.createSecret("A_BEFORE_" + i, "v");
        }
        String last = server.createSecret("Z_LAST", "v");
        JsonObject made = register(named("pages"));
        assign(made, last);
        assertThat(holder(made).get("/secrets?limit=2").list()).hasSize(1);
    }

    @Test
    void aSecretThatIsGivenTheNameLaterOrElsewhereIsAnother() {
        String mine = server.createSecret("SHARED_NAME", "mine");
        JsonObject made = register(named("exact"));
        assign(made, mine);
        Api device = holder(made);
        assertThat(owner.post("/projects", named("elsewhere")).status()).isEqualTo(201);
        JsonObject twin = new JsonObject()
                .put("name", "SHARED_NAME")
                .put("secretType", "GENERIC")
                .put("value", "theirs");
        String other = owner.post("/projects/elsewhere/secrets", twin).data().getString("id");
        String there = "/projects/elsewhere/secrets/by-name/SHARED_NAME/value";
        assertThat(device.get(there).code()).isEqualTo("SECRET_NOT_FOUND");
        assertThat(device.value("SHARED_NAME")).isEqualTo("mine");
        assign(made, other);
        assertThat(device.get(there).data().getString("value")).isEqualTo("theirs");
        assertThat(owner.delete("/secrets/" + mine).status()).isEqualTo(200);
        String next = server.createSecret("SHARED_NAME", "next");
        assertThat(code(device, "SHARED_NAME")).isEqualTo("SECRET_NOT_FOUND");
        assertThat(device.get("/secrets/" + next + "/value").status()).isEqualTo(404);
    }

    @Test
    void takenBackIsRefusedAtOnceOnEveryNodeAndNothingAssignedIsNothingRead() {
        JsonObject made = register(named("far"));
        assign(made, hot);
        assign(made, cold);
        try (TestServer second = server.secondNode()) {
            Api there = second.api(made.getString("token"));
            for (int i = 0; i < 10; i++) {
                assertThat(code(there, "HOT")).isEqualTo("200");
            }
            Api.Answer taken = owner.delete(path(made) + "/secrets/" + hot);
            assertThat(taken.data().getValue("secretCount")).isEqualTo(1);
            assertThat(code(there, "HOT")).isEqualTo("SECRET_NOT_FOUND");
            assertThat(code(there, "COLD")).isEqualTo("200");
            assertThat(owner.delete(path(made) + "/secrets/" + cold).status()).isEqualTo(200);
            assertThat(owner.delete(path(made) + "/secrets/" + cold).status()).isEqualTo(200);
            assertThat(code(there, "COLD")).isEqualTo("SECRET_NOT_FOUND");
            assertThat(there.get("/secrets").list()).isEmpty();
            assign(made, hot);
            assertThat(code(there, "HOT")).isEqualTo("200");
            assertThat(owner.delete(path(made)).data().getString("status")).isEqualTo("revoked");
            assertThat(code(there, "HOT")).isEqualTo("TOKEN_REVOKED");
        }
        assertThat(owner.post(path(made) + "/secrets", new JsonObject().put("secretId", cold))
                        .code())
                .isEqualTo("CREDENTIAL_NOT_FOUND");
        assertThat(owner.get(DEVICES).text()).doesNotContain(made.getString("id"));
        assertThat(owner.get(DEVICES + "?revoked=true").text()).contains(made.getString("id"));
    }

    @Test
    void aNewNameIsNoChangeOfAuthority() {
        JsonObject made = register(named("before"));
        assertThat(owner.patch(path(made), named("after")).data().getString("name"))
                .isEqualTo("after");
        assertThat(owner.patch(path(made), new JsonObject()).data().getString("name"))
                .isEqualTo("after");
        assertThat(owner.get(path(made)).data().getString("name")).isEqualTo("after");
    }

    @Test
    void secretsAndEnvironmentsCountTheirDevices() {
        String counted = server.createSecret("COUNTED", "v");
        JsonObject first = register(named("1"));
        JsonObject second = register(named("2"));
        assign(first, counted);
        assign(second, counted);
        assertThat(devicesOf(counted)).isEqualTo(2);
        assertThat(owner.get("/secrets?search=counted").list().getJsonObject(0).getValue("deviceCount"))
                .isEqualTo(2);
        assertThat(owner.delete(path(second)).status()).isEqualTo(200);
        assertThat(devicesOf(counted)).isEqualTo(1);
        int before = devicesIn("staging");
        int production = devicesIn("production");
        register(named("3").put("allowedEnvironments", new JsonArray().add("staging")));
        assertThat(devicesIn("staging")).isEqualTo(before + 1);
        assertThat(devicesIn("production")).isEqualTo(production);
        assertThat(owner.get("/environments").list().stream()
                        .map(JsonObject.class::cast)
                        .filter(environment -> environment.getString("name").equals("staging"))
                        .map(environment -> environment.getJsonObject("_count").getInteger("devices")))
                .containsExactly(before + 1);
    }

    private Object devicesOf(String secretId) {
        return owner.get("/secrets/" + secretId).data().getValue("deviceCount");
    }

    private int devicesIn(String environment) {
        return owner.get("/environments/" + environment)
                .data()
                .getJsonObject("_count")
                .getInteger("devices");
    }

    @Test
    void aRepeatedRequestShowsNoTokenASecondTime() {
        Api.Answer first = owner.post(DEVICES, named("once"), "Idempotency-Key", "device-once");
        Api.Answer second = owner.post(DEVICES, named("once"), "Idempotency-Key", "device-once");
        assertThat(second.status()).isEqualTo(201);
        assertThat(second.data().getString("id")).isEqualTo(first.data().getString("id"));
        assertThat(second.data().fieldNames()).doesNotContain("token");
    }

    @Test
    void everyChangeIsRecorded() {
        JsonObject made = register(named("recorded"));
        assign(made, hot);
        assertThat(owner.delete(path(made) + "/secrets/" + hot).status()).isEqualTo(200);
        assertThat(owner.patch(path(made), named("renamed")).status()).isEqualTo(200);
        assertThat(holder(made).get(VALUE.formatted("HOT")).status()).isEqualTo(404);
        assertThat(owner.delete(path(made)).status()).isEqualTo(200);
        for (String action :
                List.of("device.register", "device.assign", "device.unassign", "device.update", "device.revoke")) {
            assertThat(owner.get("/audit?action=" + action).text()).as(action).contains(made.getString("id"));
        }
        assertThat(owner.get("/audit?action=device.assign&secret=" + hot).text())
                .contains(made.getString("id"));
        assertThat(owner.get("/audit?action=secret.read&token=" + made.getString("id"))
                        .text())
                .contains("SECRET_NOT_FOUND");
    }
}
