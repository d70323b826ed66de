package com.fyvault.handles;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.environments.Names;
import com.fyvault.environments.Place;
import com.fyvault.environments.Places;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.secrets.ReadCurrent;
import com.fyvault.tokens.Authority;
import com.fyvault.tokens.Decision;
import com.fyvault.tokens.Scope;
import com.fyvault.tokens.TokenFormat;
import io.vertx.core.Future;
import java.time.temporal.ChronoUnit;

/**
 * The value that a handle stands for, as it is now. It is a read of that value: recorded as one, and
 * refused where one would be. Two tokens have a say, the one that asks and the one that minted the
 * handle; the record carries the older of the two epochs, so its commit checks both.
 */
final class ResolveHandle {
    private static final int LONGEST = 64;

    private final HandleStore store;
    private final Authority authority;
    private final Places places;
    private final ReadCurrent values;

    ResolveHandle(HandleStore store, Authority authority, Places places, ReadCurrent values) {
        this.store = store;
        this.authority = authority;
        this.places = places;
        this.values = values;
    }

    Future<Answer> resolve(Call call) {
        String text = call.body().text("handle", LONGEST);
        if (!TokenFormat.fits(text, Handle.PREFIX)) {
            throw Refusal.of(ErrorCode.HANDLE_NOT_FOUND);
        }
        return store.find(call.orgId(), TokenFormat.hash(text)).compose(found -> {
            if (found == null || !found.isLive()) {
                throw Refusal.of(ErrorCode.HANDLE_NOT_FOUND);
            }
            Handle.Target target = found.handle().target();
            return minter(found).compose(minter -> {
                long epoch = authority.epochOf(found.handle().minter(), minter);
                call.record()
                        .decidedBy(call.decision(), Math.min(call.caller().epoch(), epoch))
                        .detail("handle_id", found.handle().id().toString());
                return places.at(call, target.projectId(), target.environmentId())
                        .compose(place -> {
                            admit(minter, place, target);
                            return values.read(call, place, target.secretId());
                        });
            });
        });
    }

    /** The decision on the token that minted the handle, while that one lives. */
    private Future<Decision> minter(HandleStore.Found found) {
        return authority
                .decide(found.handle().minter())
                .recover(failure -> {
                    boolean unknown = failure instanceof Refusal refused && refused.code() == ErrorCode.TOKEN_INVALID;
                    return Future.failedFuture(unknown ? Refusal.of(ErrorCode.HANDLE_NOT_FOUND) : failure);
                })
                .map(minter -> {
                    long now = ChronoUnit.MICROS.between(java.time.Instant.EPOCH, found.now());
                    if (minter.refusal() != null || minter.expiresAtMicros() <= now) {
                        throw Refusal.of(ErrorCode.HANDLE_NOT_FOUND);
                    }
                    return minter;
                });
    }

    /** A handle is worth what its minter may still read. */
    private static void admit(Decision minter, Place place, Handle.Target target) {
        boolean reaches = minter.scopes().has(Scope.SECRETS_READ)
                && minter.allowsProject(place.projectId())
                && minter.allowsEnvironment(place.environmentId())
                && (minter.allowsProduction() || !place.production())
                && minter.allowsSecret(target.secretId(), Names.key(target.secretName()));
        if (!reaches) {
            throw Refusal.of(ErrorCode.HANDLE_NOT_FOUND);
        }
    }
}
