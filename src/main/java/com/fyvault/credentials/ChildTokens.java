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
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Tokens that other features make for a caller. Each is a child of the caller's own token: given no
 * more than that one has at this moment, cut down with it later, and over with it. What a login makes outlives
 * it, so a login that was left open on a desk is asked for the second factor again.
 */
public final class ChildTokens {
    private static final Set<TokenKind> MAKERS =
            Set.of(TokenKind.API_KEY, TokenKind.TEST_KEY, TokenKind.SESSION, TokenKind.LOGIN);

    private final KeyStore store;
    private final Reaches reaches;
    private final Minting minting;
    private final ChangeKey change;
    private final RollToken rolls;

    public ChildTokens(KeyRoutes.Parts parts) {
        this.store = parts.store();
        this.reaches = new Reaches(parts.reaches());
        this.minting = parts.minting();
        this.change = new ChangeKey(parts.store(), reaches, parts.minting(), parts.withdrawals(), parts.clock());
        this.rolls = new RollToken(store, change, minting);
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

    /**
     * A token that was rolled.
     *
     * @param former the credential that the token before has now, until it expires; null when that is over
     */
    public record Rolled(
            Credential credential,
            boolean active,
            MintedToken token,
            @Nullable Credential former) {}

    /** Tokens as listed; the cursor says where the list goes on, and is null at its end. */
    public record Page(
            List<KeyStore.Standing> standings, @Nullable String nextCursor) {}

    /** What becomes of a token when it is edited. */
    @FunctionalInterface
    public interface Edit {
        Future<Credential> of(KeyStore.Standing before);
    }

    /** Refuses a caller whose tokens have no children. */
    public static void checkMaker(Call call) {
        if (!MAKERS.contains(call.decision().kind())) {
            throw Refusal.of(
                    ErrorCode.PARENT_MUST_BE_API_KEY, "Only an API key or a session token can make another token");
        }
    }

    /** Database time, when there is room for another token of the kind; exact while the organization's row is held for writing. */
    public Future<Instant> room(Call call, Transaction transaction, TokenKind kind, int most) {
        return store.roomForKind(transaction, call.orgId(), kind, most).map(room -> {
            if (room.taken() >= most) {
                String what = kind.name().toLowerCase(Locale.ROOT);
                throw Refusal.of(ErrorCode.LIMIT_REACHED, "An organization has at most " + most + " " + what + "s");
            }
            return room.now();
        });
    }

    public Future<Minting.Made> make(Call call, Transaction transaction, Order order) {
        if (call.decision().chain().size() >= PostgresCredentialStore.DEEPEST) {
            throw Refusal.of(ErrorCode.LIMIT_REACHED, "The token is too deep in a chain to make another");
        }
        Maker maker = Maker.of(call.decision());
        return reach(call, transaction, maker, order)
                .compose(reach -> minting.store(call, transaction, drawn(call, maker, order, reach)));
    }

    /** What {@link #make} would give at this moment, which is not stored and whose token nobody has. */
    public Future<Credential> draft(Call call, Transaction transaction, Order order) {
        Maker maker = Maker.of(call.decision());
        return reach(call, transaction, maker, order)
                .map(reach -> drawn(call, maker, order, reach).credential());
    }

    private Future<Reach> reach(Call call, Transaction transaction, Maker maker, Order order) {
        return call.confirmed(transaction)
                .compose(fresh ->
                        reaches.resolve(transaction, call.orgId(), maker, new Reaches.Asked(order.request(), null)));
    }

    /** The tokens of a kind that the call sees, newest first, as the call's query pages them. */
    public Future<Page> list(Call call, TokenKind kind) {
        return page(ListKeys.page(call, kind), kind);
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
        return page(ListKeys.page(call, kind).withRevoked(), kind);
    }

    /** The token of a kind that the call's path names; what the call does not see is absent. */
    public Future<KeyStore.Standing> find(Call call, TokenKind kind) {
        return store.find(call.orgId(), call.id("token", ErrorCode.CREDENTIAL_NOT_FOUND), Set.of(kind))
                .map(found -> KeyAccess.seen(call, found));
    }

    /** Makes of the token that the path names what the request asks for; what it leaves out stays. */
    public Future<KeyStore.Standing> edit(Call call, Transaction transaction, TokenKind kind, KeyRequest request) {
        return edit(call, transaction, kind, before -> change.asked(call, transaction, before, request));
    }

    /** The same with an edit that has seen to it itself that the token is given no more than the caller has. */
    public Future<KeyStore.Standing> edit(Call call, Transaction transaction, TokenKind kind, Edit edit) {
        return change.edit(
                call,
                transaction,
                Set.of(kind),
                before -> edit.of(before).compose(after -> given(call, transaction, before.credential(), after)));
    }

    /** What gives a token more than it has asks of a person what making it asks. */
    private static Future<Credential> given(Call call, Transaction transaction, Credential before, Credential after) {
        Maker had = Maker.of(before);
        return had.covers(after) && had.outlives(after)
                ? Future.succeededFuture(after)
                : call.confirmed(transaction).map(after);
    }

    /** Gives the token of a kind that the path names another text; the one before is good for so long. */
    public Future<Rolled> roll(Call call, Transaction transaction, TokenKind kind, long overlapSeconds) {
        return rolls.roll(call, transaction, kind, overlapSeconds);
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
                // A device reads what it is assigned: at first nothing.
                order.kind() == TokenKind.DEVICE ? reach.confinedTo(Set.of()) : reach,
                order.limits(),
                parent.ownerUserId(),
                parent.ownerTeamId(),
                Giving.parentOf(call),
                null,
                call.caller().actor(),
                order.now(),
                maker.expiry(order.until()),
                null,
                null);
        return new Minting.Made(child, token);
    }
}
