package com.fyvault.credentials;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Fields;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.PostgresCredentialStore;
import com.fyvault.tokens.TokenKind;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Makes an API key within the reach of the one that asks, whose child it becomes: it dies with it, as
 * every child does (docs/decisions/keys-made-by-keys.md). One of the four links of a chain is left for
 * the key's sessions.
 */
final class CreateKey {
    private static final Duration LIFE = Duration.ofDays(365);
    private static final int DEEPEST = PostgresCredentialStore.DEEPEST - 1;

    private final KeyStore store;
    private final Reaches reaches;
    private final Minting minting;
    private final int mostKeys;

    /** @param mostKeys keys that an organization may have */
    CreateKey(KeyStore store, Reaches reaches, Minting minting, int mostKeys) {
        this.store = store;
        this.reaches = reaches;
        this.minting = minting;
        this.mostKeys = mostKeys;
    }

    Future<Answer> create(Call call, Transaction transaction) {
        if (call.decision().kind() != TokenKind.API_KEY) {
            throw Refusal.of(ErrorCode.PARENT_MUST_BE_API_KEY, "Only an API key can make an API key");
        }
        if (call.decision().chain().size() >= DEEPEST) {
            throw Refusal.of(ErrorCode.LIMIT_REACHED, "A key made by a key made by a key makes none");
        }
        KeyRequest request = KeyRequest.ofKey(call.body());
        KeyKind kind = KeyKind.parse(call.body());
        @Nullable String label = request.label();
        if (label == null) {
            throw Fields.invalid("label", "is missing");
        }
        Maker maker = Maker.of(call.decision());
        return store.roomForKey(transaction, call.orgId(), mostKeys).compose(room -> {
            if (room.taken() >= mostKeys) {
                throw Refusal.of(ErrorCode.LIMIT_REACHED, "An organization has at most " + mostKeys + " keys");
            }
            Minting.Grant grant = new Minting.Grant(
                    label,
                    kind.scopes(maker, request.scopes()),
                    room.now(),
                    maker.expiry(request.lifetime().end(room.now(), LIFE)));
            return reaches.resolve(transaction, call.orgId(), maker, new Reaches.Asked(request, null))
                    .compose(reach -> minting.mint(
                            call, transaction, kind.token(), grant.within(reach).limitedTo(request.limits())))
                    .map(made -> {
                        JsonObject shown = KeyView.of(made.credential(), true);
                        JsonObject once = shown.copy()
                                .put("key", made.token().exposeText())
                                .put("token", made.token().exposeText());
                        return Answer.created(once).replayedAs(shown);
                    });
        });
    }
}
