package com.fyvault.handles;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.platform.CanIgnoreReturnValue;
import com.fyvault.support.Api;
import com.fyvault.support.TestServer;
import io.vertx.core.json.JsonObject;

/** Mints and resolves handles. */
record TestHandles(TestServer server) {
    @CanIgnoreReturnValue
    JsonObject mint(Api by, String secret, JsonObject body) {
        Api.Answer answer = by.post("/secrets/by-name/" + secret + "/handle", body);
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return answer.data();
    }

    static Api.Answer resolve(Api by, JsonObject minted) {
        return by.post("/handles/resolve", new JsonObject().put("handle", minted.getString("handle")));
    }

    /** A key as the owner makes it. */
    JsonObject key(JsonObject body) {
        Api.Answer answer = server.api().post("/api-keys", body.put("label", "key"));
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return answer.data();
    }
}
