package com.fyvault.webhooks;

import static com.fyvault.webhooks.WebhookChecks.body;
import static com.fyvault.webhooks.WebhookChecks.signatures;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.providers.TestProvider;
import com.fyvault.support.Answers;
import com.fyvault.support.Api;
import com.fyvault.support.Bodies;
import com.fyvault.support.WebhookServer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** A provider that listens, and looks at each message as it should. */
record Listening(TestProvider provider, String secret, WebhookServer hook) {
    private static final int SOON = 20;

    /** Registers one; the body may say more. */
    static Listening at(Api maker, String name, WebhookServer hook, JsonObject more) {
        JsonObject body = Bodies.named(name).put("webhookUrl", hook.url()).mergeIn(more);
        JsonObject made = Answers.created(maker.post("/providers", body));
        JsonObject provider = made.getJsonObject("provider");
        assertThat(provider.getString("webhookUrl")).isEqualTo(hook.url());
        return new Listening(
                new TestProvider(maker.as(made.getString("token")), provider.getString("providerId")),
                made.getString("webhookSecret"),
                hook);
    }

    /** What it is told next, once the signature is its own. */
    JsonObject next() throws InterruptedException {
        WebhookServer.Call call = Objects.requireNonNull(hook.next(SOON), "nothing was told");
        assertThat(signatures(call, secret)).isEqualTo(1);
        assertThat(new String(call.body(), StandardCharsets.UTF_8)).doesNotContain("canary");
        JsonObject body = body(call);
        JsonObject data = body.getJsonObject("data");
        assertThat(data.getString("provider_id")).isEqualTo(provider.id());
        assertThat(data.getString("id")).isEqualTo(call.id());
        assertThat(data.getString("type")).isEqualTo(body.getString("type"));
        assertThat(data.getString("whatToDo")).isNotBlank().isNotEqualTo("null");
        return data;
    }

    JsonObject next(String type) throws InterruptedException {
        JsonObject data = next();
        assertThat(data.getString("type")).as(data.encode()).isEqualTo(type);
        return data;
    }
}
