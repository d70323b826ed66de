package com.fyvault.credentials;

import com.fyvault.api.Call;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Credential;
import com.fyvault.tokens.PostgresCredentialStore;
import com.fyvault.tokens.TokenKind;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gives a token that other features make another text, and lets the one before live on for a while: as the token of a
 * child that expires by the database's clock. The credential keeps its id, and what cuts it cuts the child
 * (docs/decisions/provider-rolls.md).
 */
final class RollToken {
    private final KeyStore store;
    private final ChangeKey change;
    private final Minting minting;

    RollToken(KeyStore store, ChangeKey change, Minting minting) {
        this.store = store;
        this.change = change;
        this.minting = minting;
    }

    Future<ChildTokens.Rolled> roll(Call call, Transaction transaction, TokenKind kind, long overlapSeconds) {
        KeyAccess.checkIssuer(call);
        return change.live(call, transaction, Set.of(kind)).compose(standing -> {
            checkDepth(standing, overlapSeconds);
            Giving.checkOutlives(call, standing);
            Minting.Made made = minting.another(standing.credential());
            return call.confirmed(transaction)
                    .compose(fresh -> change.change(call, transaction, made.credential()))
                    .compose(after -> overlap(call, transaction, standing.credential(), overlapSeconds)
                            .map(former -> new ChildTokens.Rolled(after, standing.active(), made.token(), former)));
        });
    }

    /** The child would stand below the credential and all that this descends from. */
    private static void checkDepth(KeyStore.Standing standing, long overlapSeconds) {
        if (overlapSeconds > 0 && standing.ancestors().size() + 2 > PostgresCredentialStore.DEEPEST) {
            throw Refusal.of(
                    ErrorCode.LIMIT_REACHED, "The token is too deep in a chain to overlap; overlapSeconds 0 works");
        }
    }

    private Future<@Nullable Credential> overlap(Call call, Transaction transaction, Credential before, long seconds) {
        if (seconds == 0) {
            return Future.succeededFuture();
        }
        return store.roomForKind(transaction, call.orgId(), before.kind(), 1).compose(room -> {
            Instant end = room.now().plusSeconds(seconds);
            @Nullable Instant own = before.expiresAt();
            Credential former = new Credential(
                    before.orgId(),
                    minting.nextId(),
                    before.hash(),
                    before.kind(),
                    before.label(),
                    before.last4(),
                    before.scopes(),
                    before.reach(),
                    // It spends what its parent has: the two are one.
                    Credential.NO_LIMITS,
                    before.ownerUserId(),
                    before.ownerTeamId(),
                    before.id(),
                    null,
                    call.caller().actor(),
                    room.now(),
                    own == null || end.isBefore(own) ? end : own,
                    null,
                    null);
            return store.add(transaction, former).map(former);
        });
    }
}
