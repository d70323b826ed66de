package com.fyvault.members;

import com.fyvault.tokens.Policy;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** What an organization asks of its tokens, as answers show it. */
final class PolicyView {
    private PolicyView() {}

    static JsonObject of(Policy policy) {
        return new JsonObject()
                .put("maxKeyDays", policy.keyDays() == 0 ? null : policy.keyDays())
                .put("requireSecondFactor", policy.secondFactor())
                .put("cidrs", new JsonArray(policy.cidrs()));
    }
}
