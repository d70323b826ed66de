package com.fyvault.credentials;

import static com.fyvault.support.Answers.created;
import static com.fyvault.support.Bodies.texts;

import com.fyvault.platform.CanIgnoreReturnValue;
import com.fyvault.support.Api;
import io.vertx.core.json.JsonObject;

/** Makes keys as the owner. */
record TestKeys(Api owner) {
    @CanIgnoreReturnValue
    JsonObject make(JsonObject body) {
        return created(owner.post("/api-keys", body.put("label", "made")));
    }

    /** A client with the token that the answer shows. */
    Api holderOf(JsonObject made) {
        return owner.as(made.getString("token"));
    }

    static JsonObject scopes(String... scopes) {
        return new JsonObject().put("scopes", texts(scopes));
    }
}
