package com.fyvault.proofs;

import static com.fyvault.support.Answers.isRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What the routes of secrets refuse, by status. */
class SecretRefusalsIT extends SecretsTest {
    @Test
    void with400WhatIsNotANameOrAValue() {
        isRefused(server.api().post("/secrets", named("a b")), 400, "INVALID_NAME");
        isRefused(server.api().post("/secrets", named("x".repeat(129))), 400, "INVALID_NAME");
        isRefused(server.api().post("/secrets", new JsonObject().put("name", "N")), 400, "INVALID_FIELD");
        isRefused(server.api().post("/secrets", named("N").put("value", 7)), 400, "INVALID_FIELD");
        String id = secret().getString("id");
        isRefused(
                server.api().patch("/secrets/" + id, new JsonObject().put("value", "v"), "If-Match", "x"),
                400,
                "INVALID_PRECONDITION");
    }

    @Test
    void with401WhoIsUnknown() {
        String path = "/secrets";
        isRefused(server.api(null).get(path), 401, "TOKEN_MISSING");
        isRefused(server.api("junk").get(path), 401, "TOKEN_INVALID");
        String altered = server.ownerKey().substring(0, 20)
                + (server.ownerKey().charAt(20) == 'a' ? 'b' : 'a')
                + server.ownerKey().substring(21);
        isRefused(server.api(altered).get(path), 401, "TOKEN_INVALID");
    }

    @Test
    void with403WhoLacksTheScope() {
        isRefused(limited("SECRETS_WRITE").get("/secrets"), 403, "SCOPE_MISSING");
        isRefused(limited("SECRETS_READ").post("/secrets", named("N")), 403, "SCOPE_MISSING");
    }

    @Test
    void with404WhatIsNotThereOrNotYours() {
        isRefused(server.api().get("/secrets/by-name/NOBODY/value"), 404, "SECRET_NOT_FOUND");
        isRefused(server.api().get("/secrets/" + new UUID(1, 1)), 404, "SECRET_NOT_FOUND");
        isRefused(server.api().get("/secrets/_"), 404, "SECRET_NOT_FOUND");
        isRefused(server.api().in(new UUID(1, 1).toString()).get("/secrets"), 404, "ORG_NOT_FOUND");
    }

    @Test
    void with409ANameThatIsTakenInAnyCase() {
        String name = secret().getString("name");
        isRefused(server.api().post("/secrets", named(name)), 409, "NAME_TAKEN");
        isRefused(server.api().post("/secrets", named(name.toLowerCase(java.util.Locale.ROOT))), 409, "NAME_TAKEN");
    }

    @Test
    void with412AVersionThatIsNotTheCurrentOne() {
        String path = "/secrets/" + secret().getString("id");
        JsonObject body = new JsonObject().put("value", "v2");
        assertThat(server.api().patch(path, body, "If-Match", "\"1\"").status()).isEqualTo(200);
        isRefused(server.api().patch(path, body, "If-Match", "\"1\""), 412, "VERSION_MISMATCH");
    }

    @Test
    void with413AValueOnePastTheLimit() {
        String value = "x".repeat(1_048_577);
        isRefused(server.api().post("/secrets", named("BIG").put("value", value)), 413, "VALUE_TOO_LARGE");
    }
}
