package com.fyvault.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.ServerTest;
import com.fyvault.support.TestPeople;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What is no webhook, and who makes none. */
class WebhookRefusalsIT extends ServerTest {
    private static final int MOST = 3;

    @Override
    protected Map<String, String> settings() {
        return Map.of("webhooks.most", Integer.toString(MOST));
    }

    private static JsonObject at(String url) {
        return new JsonObject().put("url", url);
    }

    @Test
    void anAddressThatIsNotPublicHttpsIsRefused() {
        for (String url : List.of(
                "http://hooks.example",
                "https://10.0.0.1/x",
                "https://127.0.0.1/x",
                "https://[::1]/x",
                "https://[::ffff:10.0.0.1]/x",
                "https://169.254.169.254/latest",
                "https://u:p@hooks.example/",
                "https://hooks.example/?x=1",
                "https://hooks.example/#x",
                "ftp://hooks.example/",
                "https://2130706433/",
                "nonsense",
                "https://hooks.example/" + "x".repeat(512))) {
            assertThat(owner.post("/webhooks", at(url)).code()).as(url).isEqualTo("INVALID_FIELD");
        }
        for (JsonObject body : List.of(
                new JsonObject(),
                at("https://hooks.example/").put("types", new JsonArray().add("secret.eaten")),
                at("https://hooks.example/").put("secret", "whsec_mine"),
                at("https://hooks.example/").put("enabled", "yes"))) {
            assertThat(owner.post("/webhooks", body).code()).as(body.encode()).isEqualTo("INVALID_FIELD");
        }
        assertThat(owner.get("/webhooks").list()).isEmpty();
    }

    @Test
    void thereAreSoManyAndOneThatIsNotThereIsNotFound() {
        for (int i = 0; i < MOST; i++) {
            assertThat(owner.post("/webhooks", at("https://localhost/" + i)).status())
                    .isEqualTo(201);
        }
        assertThat(owner.post("/webhooks", at("https://localhost/x")).code()).isEqualTo("LIMIT_REACHED");
        for (Object one : owner.get("/webhooks").list()) {
            String id = ((JsonObject) one).getString("id");
            assertThat(owner.delete("/webhooks/" + id).status()).isEqualTo(200);
            assertThat(owner.get("/webhooks/" + id).code()).isEqualTo("WEBHOOK_NOT_FOUND");
        }
        String nobody = "/webhooks/" + UUID.randomUUID();
        assertThat(owner.patch(nobody, new JsonObject()).code()).isEqualTo("WEBHOOK_NOT_FOUND");
        assertThat(owner.delete(nobody).code()).isEqualTo("WEBHOOK_NOT_FOUND");
        assertThat(owner.post(nobody + "/test", new JsonObject()).code()).isEqualTo("WEBHOOK_NOT_FOUND");
        assertThat(owner.post(nobody + "/roll", new JsonObject()).code()).isEqualTo("WEBHOOK_NOT_FOUND");
        assertThat(owner.get(nobody + "/deliveries").code()).isEqualTo("WEBHOOK_NOT_FOUND");
        assertThat(owner.post(
                                nobody + "/replay",
                                new JsonObject().put("from", UUID.randomUUID().toString()))
                        .code())
                .isEqualTo("WEBHOOK_NOT_FOUND");
    }

    @Test
    void aTokenThatSeesAPartAndAnAgentMakeNone() {
        JsonArray admin = new JsonArray().add("ORG_ADMIN");
        JsonObject confined = new JsonObject()
                .put("label", "part")
                .put("scopes", admin)
                .put("environments", new JsonArray().add("staging"));
        assertThat(withKey(confined).post("/webhooks", at("https://localhost/")).code())
                .isEqualTo("SCOPE_MISSING");
        JsonObject agent = owner.post("/agent-credentials", new JsonObject().put("name", "agent"))
                .data();
        assertThat(owner.as(agent.getString("credential"))
                        .post("/webhooks", at("https://localhost/"))
                        .code())
                .isIn("KIND_NOT_ALLOWED", "SCOPE_MISSING");
    }

    @Test
    void aPersonConfirmsTheirSecondFactor() {
        TestPeople people = new TestPeople(server);
        people.givePassword("owner@example.com");
        Api login = server.api(people.login("owner@example.com"));
        assertThat(login.post("/webhooks", at("https://localhost/")).code()).isEqualTo("SECOND_FACTOR_REQUIRED");
        Api.Answer made = person().post("/webhooks", at("https://localhost/"));
        assertThat(made.status()).isEqualTo(201);
        assertThat(owner.delete("/webhooks/" + made.data().getString("id")).status())
                .isEqualTo(200);
    }
}
