package com.fyvault.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.platform.CanIgnoreReturnValue;
import com.fyvault.support.Api;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** Makes keys as the owner. */
record TestKeys(Api owner) {
    @CanIgnoreReturnValue
    JsonObject make(JsonObject body) {
        Api.Answer answer = owner.post("/api-keys", body.put("label", "made"));
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return answer.data();
    }

    /** A client with the token that the answer shows. */
    Api holderOf(JsonObject made) {
        return owner.as(made.getString("token"));
    }

    static JsonObject scopes(String... scopes) {
        return new JsonObject().put("scopes", new JsonArray(List.of(scopes)));
    }
}
