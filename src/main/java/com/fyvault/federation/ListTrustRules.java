package com.fyvault.federation;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.api.Ids;
import com.fyvault.credentials.Giving;
import com.fyvault.credentials.KeyStore;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Fields;
import com.fyvault.platform.http.Refusal;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rules: a list, newest first, and one by id. */
final class ListTrustRules {
    private static final int MOST = 200;
    private static final int LONGEST = 64;

    private final TrustRuleStore store;

    ListTrustRules(TrustRuleStore store) {
        this.store = store;
    }

    Future<Answer> list(Call call) {
        @Nullable String cursor = call.query("cursor", LONGEST);
        @Nullable UUID after = cursor == null ? null : Ids.parse(cursor);
        if (cursor != null && after == null) {
            throw Fields.invalid("cursor", "is not one that was given out");
        }
        boolean revoked = "true".equals(call.query("revoked", LONGEST));
        KeyStore.Page page = new KeyStore.Page(call.orgId(), Giving.below(call), after, MOST, revoked);
        return store.list(page).map(found -> {
            JsonArray items = new JsonArray();
            found.forEach(
                    one -> items.add(TrustRuleView.of(one.rule(), one.standing().active())));
            call.record().detail("count", items.size());
            boolean more = found.size() == MOST;
            return Answer.ok(items)
                    .withNextCursor(
                            more ? found.get(MOST - 1).rule().credential().id().toString() : null);
        });
    }

    Future<Answer> view(Call call) {
        UUID id = call.id("rule", ErrorCode.TRUST_RULE_NOT_FOUND);
        return store.find(call.orgId(), id).map(found -> {
            if (found == null) {
                throw Refusal.of(ErrorCode.TRUST_RULE_NOT_FOUND);
            }
            KeyStore.Standing seen = Giving.seen(call, found.standing(), ErrorCode.TRUST_RULE_NOT_FOUND);
            return Answer.ok(TrustRuleView.of(found.rule(), seen.active()));
        });
    }
}
