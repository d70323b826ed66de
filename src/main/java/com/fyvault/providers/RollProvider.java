package com.fyvault.providers;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.credentials.ChildTokens;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Credential;
import com.fyvault.tokens.TokenKind;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Gives a provider another token, shown this once. The one before is good until the overlap ends; one that was still good
 * from an earlier roll is over at once, so that there are never more than two.
 */
final class RollProvider {
    private static final String OVERLAP = "overlapSeconds";
    private static final Set<String> KNOWN = Set.of(OVERLAP);
    private static final long USUAL = 24 * 3600;
    private static final long MOST = 7 * 24 * 3600;

    private final ProviderStore store;
    private final ChildTokens tokens;

    RollProvider(ProviderStore store, ChildTokens tokens) {
        this.store = store;
        this.tokens = tokens;
    }

    Future<Answer> roll(Call call, Transaction transaction) {
        call.body().refuseAllBut(KNOWN);
        @Nullable Long asked = call.body().optionalNumber(OVERLAP, 0, MOST);
        UUID id = call.id("token", ErrorCode.CREDENTIAL_NOT_FOUND);
        return store.find(transaction, call.orgId(), id)
                .compose(provider -> store.former(transaction, call.orgId(), id)
                        .compose(former -> tokens.roll(
                                        call, transaction, TokenKind.PROVIDER, asked == null ? USUAL : asked)
                                .compose(rolled ->
                                        end(call, transaction, former).map(ended -> answer(rolled, provider)))));
    }

    private Future<Void> end(Call call, Transaction transaction, List<UUID> former) {
        Future<Void> done = Future.succeededFuture();
        for (UUID token : former) {
            done = done.compose(before ->
                    tokens.end(call, transaction, token, TokenKind.PROVIDER).mapEmpty());
        }
        return done;
    }

    private static Answer answer(ChildTokens.Rolled rolled, Provider provider) {
        JsonObject shown =
                new JsonObject().put("provider", ProviderView.of(rolled.credential(), provider, rolled.active()));
        @Nullable Credential former = rolled.former();
        if (former != null) {
            shown.put(
                    "previousToken",
                    new JsonObject()
                            .put("id", former.id().toString())
                            .put("lastFour", former.last4())
                            .put("expiresAt", String.valueOf(former.expiresAt())));
        }
        return Answer.ok(shown.copy().put("token", rolled.token().exposeText())).replayedAs(shown);
    }
}
