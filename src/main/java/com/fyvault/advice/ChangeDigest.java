package com.fyvault.advice;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Fields;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.TokenKind;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether an organization is mailed once a week. */
final class ChangeDigest {
    private static final Set<TokenKind> MAY = EnumSet.of(TokenKind.API_KEY, TokenKind.SESSION, TokenKind.LOGIN);
    private static final String WEEKLY = "weeklyDigest";

    private final DigestStore store;

    ChangeDigest(DigestStore store) {
        this.store = store;
    }

    Future<Answer> view(Call call) {
        return store.find(call.orgId()).map(ChangeDigest::shown);
    }

    Future<Answer> change(Call call, Transaction transaction) {
        if (!MAY.contains(call.decision().kind())) {
            throw Refusal.of(ErrorCode.KIND_NOT_ALLOWED);
        }
        if (call.decision().isConfined()) {
            throw Refusal.of(ErrorCode.SCOPE_MISSING, "A token confined to a part of the organization cannot do that");
        }
        call.body().refuseAllBut(Set.of(WEEKLY));
        @Nullable Boolean weekly = call.body().optionalFlag(WEEKLY);
        if (weekly == null) {
            throw Fields.invalid(WEEKLY, "is missing");
        }
        call.record().detail("weekly_digest", weekly);
        return store.set(transaction, call.orgId(), weekly).map(ChangeDigest::shown);
    }

    private static Answer shown(DigestStore.Setting setting) {
        return Answer.ok(new JsonObject()
                .put(WEEKLY, setting.enabled())
                .put(
                        "lastSentAt",
                        setting.sentAt() == null ? null : setting.sentAt().toString()));
    }
}
