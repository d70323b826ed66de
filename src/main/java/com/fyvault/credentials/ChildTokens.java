package com.fyvault.credentials;

import com.fyvault.api.Call;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Credential;
import com.fyvault.tokens.MintedToken;
import com.fyvault.tokens.PostgresCredentialStore;
import com.fyvault.tokens.Reach;
import com.fyvault.tokens.TokenKind;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Tokens that other features make for a caller. Each is a child of the caller's own token: given no
 * more than that one has at this moment, cut down with it later, and over with it.
 */
public final class ChildTokens {
    private final KeyStore store;
    private final Reaches reaches;
    private final Minting minting;
    private final ChangeKey change;

    public ChildTokens(KeyRoutes.Parts parts) {
        this.store = parts.store();
        this.reaches = new Reaches(parts.reaches());
        this.minting = parts.minting();
        this.change = new ChangeKey(parts.store(), reaches, parts.minting(), parts.withdrawals(), parts.clock());
    }

    /**
     * What is asked for.
     *
     * @param request scopes and lists; what it leaves open is the maker's own
     * @param now database time
     * @param until when it is to expire at the latest; null for no end of its own
     * @param limits rate limits as PostgreSQL prints them, which is what the row's seal is over
     */
    public record Order(
            TokenKind kind,
            String label,
            KeyRequest request,
            Instant now,
            @Nullable Instant until,
            String limits) {}

    /** Tokens as listed; the cursor says where the list goes on, and is null at its end. */
    public record Page(
            List<KeyStore.Standing> standings, @Nullable String nextCursor) {}

    public Future<Minting.Made> make(Call call, Transaction transaction, Order order) {
        if (call.decision().chain().size() >= PostgresCredentialStore.DEEPEST) {
            throw Refusal.of(ErrorCode.LIMIT_REACHED, "The token is too deep in a chain to make another");
        }
        Maker maker = Maker.of(call.decision());
        return reaches.resolve(transaction, call.orgId(), maker, new Reaches.Asked(order.request(), null))
                .compose(reach -> minting.store(call, transaction, drawn(call, maker, order, reach)));
    }

    /** The tokens of a kind that the call sees, newest first, as the call's query pages them. */
    public Future<Page> list(Call call, TokenKind kind) {
        return page(ListKeys.page(call), kind);
    }

    private Future<Page> page(KeyStore.Page page, TokenKind kind) {
        return store.ofKind(page, kind).map(found -> {
            boolean more = found.size() == page.limit();
            return new Page(
                    found, more ? found.get(found.size() - 1).credential().id().toString() : null);
        });
    }

    /** The same with those that can be used no more. */
    public Future<Page> history(Call call, TokenKind kind) {
        return page(ListKeys.page(call).withRevoked(), kind);
    }

    /** True when the call sees the credential, of whatever kind. */
    public Future<Boolean> sees(Call call, Transaction transaction, UUID credentialId) {
        return store.find(transaction, call.orgId(), credentialId, EnumSet.allOf(TokenKind.class))
                .map(found -> found != null && KeyAccess.isSeen(call, found));
    }

    /** Ends a token that the call sees, whatever that token may do. */
    public Future<Credential> endSeen(Call call, Transaction transaction, UUID id, TokenKind kind) {
        return store.find(transaction, call.orgId(), id, Set.of(kind))
                .compose(found -> change.revoke(
                        call, transaction, KeyAccess.seen(call, found).credential()));
    }

    /** Ends a token that the call could have made; what it does not see is absent. */
    public Future<Credential> end(Call call, Transaction transaction, UUID id, TokenKind kind) {
        return store.find(transaction, call.orgId(), id, Set.of(kind))
                .compose(found -> change.revoke(
                        call, transaction, KeyAccess.changeable(call, found).credential()));
    }

    private Minting.Made drawn(Call call, Maker maker, Order order, Reach reach) {
        Credential parent = call.decision().credential();
        MintedToken token = minting.draw(order.kind());
        Credential child = new Credential(
                call.orgId(),
                minting.nextId(),
                token.hash(),
                order.kind(),
                order.label(),
                token.lastFour(),
                maker.scopes(order.request().scopes()),
                reach,
                order.limits(),
                parent.ownerUserId(),
                parent.id(),
                null,
                call.caller().actor(),
                order.now(),
                maker.expiry(order.until()),
                null,
                null);
        return new Minting.Made(child, token);
    }
}
