package com.fyvault.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.WebhookServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.function.Predicate;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What the tests of webhooks do again and again. */
final class WebhookChecks {
    private static final long PATIENCE_NANOS = 20_000_000_000L;

    private WebhookChecks() {}

    /** A webhook at this receiver, with its secret. */
    static JsonObject make(Api owner, WebhookServer hook, String... types) {
        JsonObject body = new JsonObject().put("url", hook.url()).put("types", new JsonArray(Arrays.asList(types)));
        Api.Answer made = owner.post("/webhooks", body);
        assertThat(made.status()).as(made.text()).isEqualTo(201);
        return made.data();
    }

    static JsonObject body(WebhookServer.Call call) {
        return new JsonObject(new String(call.body(), StandardCharsets.UTF_8));
    }

    /** What a receiver does (Standard Webhooks 1.0), with the JDK's own HMAC: how many of the signatures are of this secret. */
    static long signatures(WebhookServer.Call call, String secret) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            byte[] key = Base64.getDecoder().decode(secret.replaceFirst("^whsec_", ""));
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            mac.update((call.id() + "." + call.timestamp() + ".").getBytes(StandardCharsets.UTF_8));
            byte[] right = mac.doFinal(call.body());
            return Arrays.stream(call.signature().split(" ", -1))
                    .filter(one -> one.startsWith("v1,"))
                    .filter(one ->
                            MessageDigest.isEqual(right, Base64.getDecoder().decode(one.substring(3))))
                    .count();
        } catch (GeneralSecurityException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** The delivery of an event, asked for until it is as it should be. */
    static JsonObject delivery(Api owner, String webhook, String event, Predicate<JsonObject> enough) {
        long end = System.nanoTime() + PATIENCE_NANOS;
        JsonObject found = new JsonObject();
        while (System.nanoTime() < end) {
            for (Object one : owner.get("/webhooks/" + webhook + "/deliveries").list()) {
                JsonObject delivery = (JsonObject) one;
                if (delivery.getString("id").equals(event)) {
                    found = delivery;
                    if (enough.test(found)) {
                        return found;
                    }
                }
            }
        }
        throw new AssertionError("not as it should be: " + found.encode());
    }
}
