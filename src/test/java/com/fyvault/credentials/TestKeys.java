package com.fyvault.credentials;

import static com.fyvault.support.Answers.created;
import static com.fyvault.support.Bodies.texts;

import com.fyvault.platform.CanIgnoreReturnValue;
import com.fyvault.support.Api;
import com.fyvault.support.TestServer;
import io.vertx.core.json.JsonObject;

/** Makes keys as the owner does in person. */
record TestKeys(TestServer server) {
    @CanIgnoreReturnValue
    JsonObject make(JsonObject body) {
        return created(server.person().post("/api-keys", body.put("label", "made")));
    }

    /** A client with the token that the answer shows. */
    Api holderOf(JsonObject made) {
        return server.api(made.getString("token"));
    }

    static JsonObject scopes(String... scopes) {
        return new JsonObject().put("scopes", texts(scopes));
    }
}
