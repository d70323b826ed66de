package com.fyvault.webhooks;

import static com.fyvault.webhooks.WebhookChecks.delivery;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.providers.TestProvider;
import com.fyvault.support.Answers;
import com.fyvault.support.Api;
import com.fyvault.support.Bodies;
import com.fyvault.support.ServerTest;
import com.fyvault.support.WebhookServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A provider's webhook as the customer manages it. */
class ProviderWebhookIT extends ServerTest {
    @Override
    protected Map<String, String> settings() {
        return Map.of(
                "webhooks.loopback", "true", "webhooks.timeout.millis", "2000", "webhooks.interval.millis", "200");
    }

    private String id(String secret) {
        return owner.get("/secrets/by-name/" + secret).data().getString("id");
    }

    private static void ok(Api.Answer answer) {
        assertThat(answer.status()).as(answer.text()).isLessThan(300);
    }

    @Test
    void theCustomerMayPauseReplayAndRoll() throws InterruptedException {
        try (WebhookServer hook = WebhookServer.start()) {
            JsonObject made = Answers.created(owner.post("/providers", Bodies.named("Later")));
            String id = made.getJsonObject("provider").getString("providerId");
            String path = "/providers/" + id;
            String webhook = "/webhooks/" + id;
            assertThat(made.getJsonObject("provider").containsKey("webhookUrl")).isFalse();
            assertThat(owner.get(webhook).code()).isEqualTo("WEBHOOK_NOT_FOUND");
            ok(owner.patch(path, new JsonObject().put("webhookUrl", hook.url())));
            assertThat(owner.get(path).data().getString("webhookUrl")).isEqualTo(hook.url());
            assertThat(owner.get("/webhooks").list()).isEmpty();
            Listening told = new Listening(
                    new TestProvider(owner.as(made.getString("token")), id), made.getString("webhookSecret"), hook);
            told.provider().push("LATER_KEY", "canary-1");
            String secret = "/secrets/" + id("LATER_KEY");
            ok(owner.patch(webhook, new JsonObject().put("enabled", false)));
            ok(owner.patch(secret, new JsonObject().put("value", "canary-2")));
            assertThat(hook.next(1)).isNull();
            ok(owner.patch(webhook, new JsonObject().put("enabled", true)));
            JsonObject first = told.next("secret.updated");
            JsonObject _ = delivery(owner, id, first.getString("id"), one -> one.getValue("deliveredAt") != null);
            ok(owner.post(webhook + "/replay", new JsonObject().put("from", first.getString("id"))));
            assertThat(told.next("secret.updated").getString("id")).isEqualTo(first.getString("id"));
            for (JsonObject elsewhere : new JsonObject[] {
                new JsonObject().put("url", "https://elsewhere.example/"),
                new JsonObject().put("types", new JsonArray())
            }) {
                assertThat(owner.patch(webhook, elsewhere).code()).isEqualTo("WEBHOOK_NOT_FOUND");
            }
            assertThat(owner.delete(webhook).code()).isEqualTo("WEBHOOK_NOT_FOUND");
            String rolled = owner.post(webhook + "/roll", new JsonObject().put("gracePeriodSeconds", 0))
                    .data()
                    .getString("secret");
            // Taken away and given again: it is the new secret that signs.
            ok(owner.patch(path, new JsonObject().putNull("webhookUrl")));
            assertThat(owner.get(path).data().containsKey("webhookUrl")).isFalse();
            ok(owner.patch(secret, new JsonObject().put("value", "canary-3")));
            ok(owner.patch(path, new JsonObject().put("webhookUrl", hook.url())));
            ok(owner.patch(secret, new JsonObject().put("value", "canary-4")));
            JsonObject next = new Listening(told.provider(), rolled, hook).next("secret.updated");
            assertThat(next.getInteger("version")).as("of what happened since").isEqualTo(4);
            ok(owner.delete(path));
        }
    }

    @Test
    void anAddressThatIsNotPublicHttpsIsRefused() {
        TestProvider provider = TestProvider.register(owner, "Nowhere");
        for (String url : List.of(
                "http://hooks.example/",
                "https://10.0.0.1/",
                "https://u:p@hooks.example/",
                "https://h.example/?q",
                "x")) {
            assertThat(owner.patch(provider.path(), new JsonObject().put("webhookUrl", url))
                            .code())
                    .as(url)
                    .isEqualTo("INVALID_FIELD");
            assertThat(owner.post("/providers", Bodies.named("No").put("webhookUrl", url))
                            .code())
                    .as(url)
                    .isEqualTo("INVALID_FIELD");
        }
        assertThat(owner.get(provider.path()).data().containsKey("webhookUrl")).isFalse();
    }
}
