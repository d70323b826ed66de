package com.fyvault.support;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;

/** The first requests of a JVM link what later ones find linked; they are nobody's, and go to a server of their own. */
final class FirstRequests {
    private FirstRequests() {}

    static void send() {
        try (TestServer server = TestServer.start(TestPostgres.shared().create(), Map.of())) {
            Api api = server.api();
            String path = "/secrets/" + server.createSecret("WARM", "value");
            JsonObject ranges = new JsonObject().put("ipAllowlist", new JsonArray().add("127.0.0.0/8"));
            List<Api.Answer> answers = List.of(
                    api.get("/secrets"),
                    api.get("/secrets/by-name/WARM/value"),
                    api.get("/environments/production/values"),
                    api.patch(path, new JsonObject().put("value", "next"), "Idempotency-Key", "warm"),
                    api.post("/access-tokens", ranges),
                    server.person().post("/api-keys", ranges.copy().put("label", "warm")),
                    api.get("/audit"),
                    api.get("/nowhere"),
                    api.as(null).get("/secrets"),
                    api.delete(path));
            if (answers.stream().anyMatch(answer -> answer.status() >= 500)) {
                throw new AssertionError("the first requests failed");
            }
        }
    }
}
