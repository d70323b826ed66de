package com.fyvault.members;

import com.fyvault.audit.AuditRecord;
import com.fyvault.tokens.Policy;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** What an organization asks of its tokens, as answers and records show it. */
final class PolicyView {
    private PolicyView() {}

    /** What the record of a change says of it. */
    static void note(AuditRecord record, Policy policy) {
        record.detail("max_key_days", policy.keyDays())
                .detail("second_factor", policy.secondFactor())
                .detail("cidrs", policy.cidrs().size());
    }

    static JsonObject of(Policy policy) {
        return new JsonObject()
                .put("maxKeyDays", policy.keyDays() == 0 ? null : policy.keyDays())
                .put("requireSecondFactor", policy.secondFactor())
                .put("cidrs", new JsonArray(policy.cidrs()));
    }
}
