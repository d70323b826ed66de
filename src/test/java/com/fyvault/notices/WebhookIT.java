package com.fyvault.notices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fyvault.platform.config.ConfigError;
import com.fyvault.support.Api;
import com.fyvault.support.NodeProcess;
import com.fyvault.support.TestServer;
import com.fyvault.support.WebhookServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** Notices to a real web server on loopback. */
class WebhookIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final byte[] KEY = "only in tests, 32 bytes of key..".getBytes(StandardCharsets.US_ASCII);
    private static final int SOON = 20;

    private static Map<String, String> settings(WebhookServer hook) {
        return Map.of(
                "notices.webhook.url", hook.url(),
                "notices.webhook.secret", "whsec_" + Base64.getEncoder().encodeToString(KEY),
                "notices.webhook.loopback", "true",
                "notices.webhook.timeout.millis", "2000",
                "notices.webhook.interval.millis", "100");
    }

    private static String open(TestServer server) {
        Api.Answer answer = server.api().post("/break-glass", new JsonObject().put("reason", "it burns"));
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return answer.data().getString("token");
    }

    /** What became of the newest notice at the webhook, asked for until it is as it should be. */
    private static JsonObject tries(TestServer server, Predicate<JsonObject> enough) {
        Instant end = Instant.now().plus(LIMIT);
        JsonObject tries;
        do {
            tries = server.api().get("/notices").list().getJsonObject(0).getJsonObject("webhook");
        } while (!enough.test(tries) && Instant.now().isBefore(end));
        return tries;
    }

    /** What a receiver does (Standard Webhooks 1.0), with the JDK's own HMAC. */
    private static boolean verifies(WebhookServer.Call call) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(KEY, "HmacSHA256"));
            mac.update((call.id() + "." + call.timestamp() + ".").getBytes(StandardCharsets.UTF_8));
            byte[] expected = mac.doFinal(call.body());
            String[] version = call.signature().split(",", 2);
            long age = Math.abs(Instant.now().getEpochSecond() - Long.parseLong(call.timestamp()));
            return version[0].equals("v1")
                    && MessageDigest.isEqual(expected, Base64.getDecoder().decode(version[1]))
                    && age < 300;
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static void halfAMinuteLater(TestServer server) {
        assertThat(server.database().execute("update notice set hook_next_at = now()"))
                .isEqualTo(1);
    }

    @Test
    void aBreakGlassTokenIsToldOnceSignedAndWithoutTheToken() throws InterruptedException {
        try (WebhookServer hook = WebhookServer.start();
                TestServer server = TestServer.start(settings(hook))) {
            String token = open(server);
            WebhookServer.Call call = Objects.requireNonNull(hook.next(SOON));
            assertThat(call.method()).isEqualTo("POST");
            assertThat(call.path()).isEqualTo("/hook");
            assertThat(verifies(call)).isTrue();
            String text = new String(call.body(), StandardCharsets.UTF_8);
            assertThat(text).doesNotContain(token).doesNotContain("fvbg_");
            JsonObject body = new JsonObject(text);
            assertThat(body.getString("type")).isEqualTo("break_glass.opened");
            assertThat(Instant.parse(body.getString("timestamp"))).isBeforeOrEqualTo(Instant.now());
            assertThat(body.getJsonObject("data").getString("orgId"))
                    .isEqualTo(server.orgId().toString());
            assertThat(body.getJsonObject("data").getString("reason")).isEqualTo("it burns");
            assertThat(body.getJsonObject("data").getJsonArray("recipients"))
                    .isEqualTo(new JsonArray().add("owner@example.com"));
            JsonObject tries = tries(server, one -> one.getValue("sentAt") != null);
            assertThat(tries.getInteger("attempts")).isEqualTo(1);
            assertThat(call.id())
                    .isEqualTo(
                            server.api().get("/notices").list().getJsonObject(0).getString("id"));
            // The mail that is not set is another matter.
            assertThat(server.api().get("/notices").list().getJsonObject(0).getValue("sentAt"))
                    .isNull();
            assertThat(hook.next(1)).isNull();
        }
    }

    @Test
    void aRefusedTryIsRepeatedLaterWithTheSameId() throws InterruptedException {
        try (WebhookServer hook = WebhookServer.start();
                TestServer server = TestServer.start(settings(hook))) {
            hook.answer(500, 302);
            String token = open(server);
            WebhookServer.Call first = Objects.requireNonNull(hook.next(SOON));
            JsonObject refused = tries(server, one -> one.getValue("failure") != null);
            assertThat(refused.getString("failure")).isEqualTo("HTTP 500");
            assertThat(refused.getValue("sentAt")).isNull();
            assertThat(hook.next(1)).isNull();

            halfAMinuteLater(server);
            WebhookServer.Call second = Objects.requireNonNull(hook.next(SOON));
            JsonObject moved = tries(server, one -> "HTTP 302".equals(one.getString("failure")));
            assertThat(moved.getString("failure")).isEqualTo("HTTP 302");
            assertThat(hook.next(1)).as("a redirect is not followed").isNull();

            halfAMinuteLater(server);
            WebhookServer.Call third = Objects.requireNonNull(hook.next(SOON));
            JsonObject sent = tries(server, one -> one.getValue("sentAt") != null);
            assertThat(sent.getInteger("attempts")).isEqualTo(3);
            assertThat(sent.getValue("failure")).isNull();
            assertThat(second.id()).isEqualTo(first.id());
            assertThat(third.id()).isEqualTo(first.id());
            assertThat(third.body()).isEqualTo(first.body());
            assertThat(verifies(third)).isTrue();
            assertThat(new String(third.body(), StandardCharsets.UTF_8)).doesNotContain(token);
            assertThat(hook.next(1)).isNull();
        }
    }

    @Test
    void afterTheLastTryItIsOnlyListed() throws InterruptedException {
        try (WebhookServer hook = WebhookServer.start();
                TestServer server = TestServer.start(settings(hook))) {
            hook.answer(500);
            var _ = open(server);
            assertThat(tries(server, one -> one.getValue("failure") != null).getInteger("attempts"))
                    .isEqualTo(1);
            assertThat(hook.next(SOON)).isNotNull();
            server.database()
                    .execute("update notice set hook_next_at = now(), hook_attempts = " + NoticeStore.MOST_ATTEMPTS);
            assertThat(hook.next(2)).isNull();
        }
    }

    @Test
    void withoutTheSettingThisMachineIsNotAsked() throws InterruptedException {
        try (WebhookServer hook = WebhookServer.start()) {
            Map<String, String> settings = new HashMap<>(settings(hook));
            settings.put("notices.webhook.loopback", "false");
            settings.put("notices.webhook.url", hook.url().replace("http:", "https:"));
            try (TestServer server = TestServer.start(settings)) {
                var _ = open(server);
                assertThat(tries(server, one -> one.getValue("failure") != null).getString("failure"))
                        .isEqualTo("address not allowed");
                assertThat(hook.next(1)).isNull();
            }
        }
    }

    @Test
    void aServerWhoseWebhookCannotBeAskedDoesNotStart() {
        try (WebhookServer hook = WebhookServer.start()) {
            Map<String, String> settings = new HashMap<>(settings(hook));
            settings.put("notices.webhook.loopback", "false");
            assertThatThrownBy(() -> TestServer.start(settings))
                    .hasRootCauseInstanceOf(ConfigError.class)
                    .hasMessageContaining("notices.webhook.url must be https");
            settings.put("notices.webhook.loopback", "true");
            settings.put("notices.webhook.secret", "whsec_c2hvcnQ=");
            assertThatThrownBy(() -> TestServer.start(settings))
                    .hasRootCauseInstanceOf(ConfigError.class)
                    .hasMessageContaining("notices.webhook.secret must be");
        }
    }

    @Test
    void aNodeThatIsKilledLeavesItToTheNext() throws InterruptedException {
        try (WebhookServer hook = WebhookServer.start();
                TestServer server = TestServer.start()) {
            hook.answer(WebhookServer.SILENCE);
            var _ = open(server);
            WebhookServer.Call first;
            try (NodeProcess node = server.processNode(settings(hook))) {
                first = Objects.requireNonNull(hook.next(SOON));
                node.kill();
                assertThat(node.isAlive()).isFalse();
            }
            assertThat(tries(server, one -> true).getValue("sentAt")).isNull();
            try (NodeProcess node = server.processNode(settings(hook))) {
                assertThat(node.isAlive()).isTrue();
                assertThat(hook.next(1)).as("it waits for its time").isNull();
                halfAMinuteLater(server);
                WebhookServer.Call second = Objects.requireNonNull(hook.next(SOON));
                assertThat(second.id()).isEqualTo(first.id());
                assertThat(second.body()).isEqualTo(first.body());
                assertThat(tries(server, one -> one.getValue("sentAt") != null).getInteger("attempts"))
                        .isEqualTo(2);
            }
        }
    }
}
