package com.fyvault.webhooks;

import static com.fyvault.webhooks.WebhookChecks.body;
import static com.fyvault.webhooks.WebhookChecks.make;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import com.fyvault.support.ServerTest;
import com.fyvault.support.TestServer;
import com.fyvault.support.WebhookServer;
import com.fyvault.tokens.Role;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Whose word a webhook is told things on, and by whom. */
class WebhookTrustIT extends ServerTest {
    private static final int SOON = 20;

    @Override
    protected Map<String, String> settings() {
        return Map.of("webhooks.loopback", "true", "webhooks.interval.millis", "200");
    }

    private void remove(String webhook) {
        assertThat(owner.delete("/webhooks/" + webhook).status()).isEqualTo(200);
    }

    @Test
    void oneThatAKeyMadeIsSilentWithoutTheKey() throws InterruptedException {
        try (WebhookServer hook = WebhookServer.start()) {
            JsonObject key = server.key(new JsonObject().put("label", "maker"));
            String webhook =
                    make(owner.as(key.getString("key")), hook, "secret.created").getString("id");
            server.createSecret("BEFORE_REVOKE", "v");
            assertThat(hook.next(SOON)).isNotNull();
            assertThat(owner.delete("/api-keys/" + key.getString("id")).status())
                    .isEqualTo(200);
            server.createSecret("AFTER_REVOKE", "v");
            assertThat(hook.next(2)).isNull();
            assertThat(person().patch("/webhooks/" + webhook, new JsonObject().put("enabled", true))
                            .status())
                    .isEqualTo(200);
            WebhookServer.Call call = Objects.requireNonNull(hook.next(SOON));
            assertThat(body(call).getJsonObject("data").getString("secret")).isEqualTo("AFTER_REVOKE");
            remove(webhook);
        }
    }

    /** What had failed before is tried again later, and must not be then. */
    @Test
    void whatIsDueAlreadyIsNotToldWithoutTheKeyEither() throws InterruptedException {
        try (WebhookServer hook = WebhookServer.start()) {
            JsonObject key = server.key(new JsonObject().put("label", "maker"));
            String webhook =
                    make(owner.as(key.getString("key")), hook, "secret.created").getString("id");
            hook.answer(500, 500, 500);
            server.createSecret("DUE_BEFORE_REVOKE", "v");
            assertThat(hook.next(SOON)).isNotNull();
            assertThat(owner.delete("/api-keys/" + key.getString("id")).status())
                    .isEqualTo(200);
            assertThat(hook.next(9)).isNull();
            hook.answer(204);
            assertThat(person().patch("/webhooks/" + webhook, new JsonObject().put("enabled", true))
                            .status())
                    .isEqualTo(200);
            assertThat(hook.next(SOON)).isNotNull();
            remove(webhook);
        }
    }

    @Test
    void oneThatASessionMadeIsSilentWithoutItsKey() throws InterruptedException {
        try (WebhookServer hook = WebhookServer.start()) {
            JsonObject key = server.key(new JsonObject().put("label", "parent"));
            Api session = owner.as(owner.as(key.getString("key"))
                    .post("/access-tokens", new JsonObject())
                    .data()
                    .getString("token"));
            String webhook = make(session, hook, "secret.created").getString("id");
            server.createSecret("BEFORE_PARENT", "v");
            assertThat(hook.next(SOON)).isNotNull();
            assertThat(owner.delete("/api-keys/" + key.getString("id")).status())
                    .isEqualTo(200);
            server.createSecret("AFTER_PARENT", "v");
            assertThat(hook.next(3)).isNull();
            remove(webhook);
        }
    }

    @Test
    void oneOfSomebodyWhoMayNotAdministerAnyMoreIsSilent() throws InterruptedException {
        try (WebhookServer hook = WebhookServer.start()) {
            UUID admin = server.addMember("hooks@example.com", Role.ADMIN);
            JsonObject key = server.key(new JsonObject().put("label", "of an admin"));
            JsonObject handed =
                    new JsonObject().put("to", admin.toString()).put("keys", new JsonArray().add(key.getString("id")));
            String me = owner.get("/members/me").data().getJsonObject("member").getString("userId");
            assertThat(owner.post("/members/" + me + "/transfer", handed).status())
                    .isEqualTo(200);
            String webhook =
                    make(owner.as(key.getString("key")), hook, "secret.created").getString("id");
            server.createSecret("AS_ADMIN", "v");
            assertThat(hook.next(SOON)).isNotNull();
            assertThat(person().patch("/members/" + admin, new JsonObject().put("role", "viewer"))
                            .status())
                    .isEqualTo(200);
            server.createSecret("AS_VIEWER", "v");
            assertThat(hook.next(3)).isNull();
            remove(webhook);
        }
    }

    @Test
    void aRowThatWasAlteredIsToldNothing() throws InterruptedException {
        try (WebhookServer hook = WebhookServer.start();
                WebhookServer thief = WebhookServer.start()) {
            String webhook = make(owner, hook, "secret.created").getString("id");
            server.database().execute("update webhook set url = ? where webhook_id = ?::uuid", thief.url(), webhook);
            server.createSecret("STOLEN", "v");
            assertThat(thief.next(2)).isNull();
            assertThat(hook.next(1)).isNull();
            remove(webhook);
        }
    }

    @Test
    void twoNodesTellOnce() throws InterruptedException {
        int changes = Lane.count(300, 40);
        try (TestServer other = server.secondNode(settings());
                WebhookServer hook = WebhookServer.start()) {
            String webhook = make(owner, hook, "secret.updated").getString("id");
            String id = server.createSecret("SHARED", "v");
            Api there = owner.at(other.url());
            for (int i = 0; i < changes; i++) {
                Api at = i % 2 == 0 ? owner : there;
                assertThat(at.patch("/secrets/" + id, new JsonObject().put("value", "v" + i))
                                .status())
                        .isEqualTo(200);
            }
            Map<String, Integer> times = new HashMap<>();
            for (WebhookServer.Call call = hook.next(SOON); call != null; call = hook.next(2)) {
                times.merge(call.id(), 1, Integer::sum);
            }
            long twice = times.values().stream().filter(n -> n > 1).count();
            Figures.print(new Figures.Line(
                    "issue 5", "webhook told by two nodes", 0, changes, changes - times.size(), "twice=" + twice));
            assertThat(times).hasSize(changes);
            assertThat(twice).isZero();
            remove(webhook);
        }
    }
}
