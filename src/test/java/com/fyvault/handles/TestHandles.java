package com.fyvault.handles;

import static com.fyvault.support.Answers.created;

import com.fyvault.platform.CanIgnoreReturnValue;
import com.fyvault.support.Api;
import com.fyvault.support.TestServer;
import io.vertx.core.json.JsonObject;

/** Mints and resolves handles. */
record TestHandles(TestServer server) {
    @CanIgnoreReturnValue
    JsonObject mint(Api by, String secret, JsonObject body) {
        return created(by.post("/secrets/by-name/" + secret + "/handle", body));
    }

    static Api.Answer resolve(Api by, JsonObject minted) {
        return by.post("/handles/resolve", new JsonObject().put("handle", minted.getString("handle")));
    }

    /** A key as the owner makes it. */
    JsonObject key(JsonObject body) {
        return server.key(body.put("label", "key"));
    }
}
