package com.fyvault.credentials;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.limits.Windows;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Credential;
import com.fyvault.tokens.MintedToken;
import com.fyvault.tokens.Reach;
import com.fyvault.tokens.TokenKind;
import com.fyvault.tokens.Withdrawals;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Changes what a token may do, or ends it. Each change of authority is one transaction under the
 * organization's row; when it is answered nothing more is released on what was before.
 */
final class ChangeKey {
    private final KeyStore store;
    private final Reaches reaches;
    private final Minting minting;
    private final Withdrawals withdrawals;
    private final Clock clock;

    ChangeKey(KeyStore store, Reaches reaches, Minting minting, Withdrawals withdrawals, Clock clock) {
        this.store = store;
        this.reaches = reaches;
        this.minting = minting;
        this.withdrawals = withdrawals;
        this.clock = clock;
    }

    /** Writes what an edit makes of the live token that the path names; it is answered when nothing older is released. */
    Future<KeyStore.Standing> edit(Call call, Transaction transaction, Set<TokenKind> kinds, ChildTokens.Edit edit) {
        KeyAccess.checkIssuer(call);
        return live(call, transaction, kinds)
                .compose(standing ->
                        edit.of(standing).compose(after -> write(call, transaction, standing.credential(), after)))
                .compose(after -> find(call, transaction, kinds))
                .map(now -> KeyAccess.seen(call, now));
    }

    /** What a request makes of a token; what it leaves out stays. */
    Future<Credential> asked(Call call, Transaction transaction, KeyStore.Standing standing, KeyRequest request) {
        Credential before = standing.credential();
        Maker maker = Maker.of(call.decision());
        Reaches.Asked asked = new Reaches.Asked(request, before.reach());
        return reaches.resolve(transaction, call.orgId(), maker, asked)
                .map(reach -> edited(before, request, maker, reach))
                .map(after -> limited(call, standing, request, after));
    }

    /** Gives the key that the path names another token, if it may; the old one and the sessions minted with it are dead at once. */
    Future<Rolled> roll(Call call, Transaction transaction, Function<Credential, Future<Void>> permit) {
        return live(call, transaction, KeyAccess.KEYS).compose(standing -> {
            Minting.Made made = minting.another(standing.credential());
            return permit.apply(standing.credential())
                    .compose(may -> change(call, transaction, made.credential()))
                    .map(after -> new Rolled(after, standing.active(), made.token()));
        });
    }

    /** A key and its new token. */
    record Rolled(Credential credential, boolean active, MintedToken token) {}

    Future<Answer> revoke(Call call, Transaction transaction) {
        return find(call, transaction, KeyAccess.KEYS)
                .map(found -> KeyAccess.changeable(call, found))
                .compose(standing -> revoke(call, transaction, standing.credential()))
                .map(after -> Answer.ok(KeyView.of(after, false)));
    }

    /** Sessions are revoked by who minted them, whatever its scopes. */
    Future<Answer> revokeSession(Call call, Transaction transaction) {
        return find(call, transaction, KeyAccess.SESSIONS)
                .map(found -> KeyAccess.changeable(call, found))
                .compose(standing -> revoke(call, transaction, standing.credential()))
                .map(after -> Answer.ok(KeyView.session(after, false)));
    }

    /** To revoke what is revoked is no change, and no error: a repeated request may not fail. */
    Future<Credential> revoke(Call call, Transaction transaction, Credential before) {
        return before.revokedAt() != null
                ? repeated(call, before)
                : change(call, transaction, before.withRevokedAt(now()));
    }

    /** The first request may still be waiting for other nodes: this one must not answer before it is final. */
    private Future<Credential> repeated(Call call, Credential before) {
        call.afterCommit(() -> withdrawals.settle(
                call.decision().org(), before.id(), call.caller().epoch()));
        return Future.succeededFuture(before);
    }

    /** Only a change of authority raises the epoch. */
    private Future<Credential> write(Call call, Transaction transaction, Credential before, Credential after) {
        if (before.equals(after)) {
            return repeated(call, before);
        }
        return sameAuthority(before, after)
                ? store.relabel(transaction, after).map(after)
                : change(call, transaction, after);
    }

    Future<Credential> change(Call call, Transaction transaction, Credential after) {
        return store.change(transaction, after, call.caller().actor()).map(epoch -> {
            call.afterCommit(() -> withdrawals.settle(call.decision().org(), after.id(), epoch));
            return after;
        });
    }

    Future<KeyStore.Standing> live(Call call, Transaction transaction, Set<TokenKind> kinds) {
        return find(call, transaction, kinds).map(found -> {
            KeyStore.Standing standing = KeyAccess.changeable(call, found);
            if (standing.credential().revokedAt() != null) {
                throw Refusal.of(ErrorCode.CREDENTIAL_NOT_FOUND, "The token was revoked");
            }
            return standing;
        });
    }

    private Future<KeyStore.@Nullable Standing> find(Call call, Transaction transaction, Set<TokenKind> kinds) {
        UUID id = call.id("token", ErrorCode.CREDENTIAL_NOT_FOUND);
        return store.find(transaction, call.orgId(), id, kinds);
    }

    private Credential edited(Credential before, KeyRequest request, Maker maker, Reach reach) {
        Lifetime lifetime = request.lifetime();
        return before.edited(
                request.label() == null ? before.label() : request.label(),
                request.scopes() == null
                        ? before.scopes()
                        : KeyKind.of(before.kind()).scopes(maker, request.scopes()),
                reach,
                lifetime.isGiven()
                        ? maker.extended(before.expiresAt(), lifetime.end(now(), Duration.ZERO))
                        : before.expiresAt());
    }

    /** A token cannot loosen its own limits, nor give another, unless it is its child, looser ones than it has. */
    private static Credential limited(Call call, KeyStore.Standing standing, KeyRequest request, Credential after) {
        @Nullable Windows asked = request.limits();
        if (asked == null) {
            return after;
        }
        boolean child = standing.ancestors().contains(call.decision().credentialId());
        if (!child && !asked.isWithin(Maker.of(call.decision()).limits())) {
            throw Maker.exceeds("limits");
        }
        return after.limitedTo(asked.toJson());
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private static boolean sameAuthority(Credential before, Credential after) {
        return before.scopes().equals(after.scopes())
                && before.reach().equals(after.reach())
                && before.limits().equals(after.limits())
                && Objects.equals(before.expiresAt(), after.expiresAt());
    }
}
