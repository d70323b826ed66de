package com.fyvault.credentials;

import com.fyvault.api.Call;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Fields;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Credential;
import com.fyvault.tokens.PostgresCredentialStore;
import com.fyvault.tokens.Reach;
import com.fyvault.tokens.ScopeSet;
import com.fyvault.tokens.TokenKind;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a call may give to a credential that another feature makes: the bounds, names and sight that
 * hold for keys, for rows that are no keys.
 */
public final class Giving {
    private static final int DEEPEST = PostgresCredentialStore.DEEPEST - 1;

    private final Reaches reaches;

    public Giving(ReachStore reaches) {
        this.reaches = new Reaches(reaches);
    }

    /** What was asked for and may be given. */
    public record Given(
            String label,
            ScopeSet scopes,
            Reach reach,
            @Nullable Instant expiresAt) {}

    /** Refuses a caller that cannot have a child with children: it is no API key, or deep in a chain itself. */
    public static void checkMaker(Call call) {
        if (call.decision().kind() != TokenKind.API_KEY && call.decision().kind() != TokenKind.LOGIN) {
            throw Refusal.of(ErrorCode.PARENT_MUST_BE_API_KEY, "Only an API key can make this");
        }
        if (call.decision().chain().size() >= DEEPEST) {
            throw Refusal.of(ErrorCode.LIMIT_REACHED, "A key made by a key made by a key makes none");
        }
    }

    /** What a lasting child hangs on: the caller's token, but not a person's login, which is over long before. */
    public static @Nullable UUID parentOf(Call call) {
        return call.decision().kind() == TokenKind.LOGIN
                ? null
                : call.decision().credentialId();
    }

    /** What the request gives to a new child. Scopes must be named: left out they would be all of the caller's. */
    public Future<Given> fresh(Call call, Transaction transaction, Instant now) {
        KeyRequest request = KeyRequest.parse(call.body());
        @Nullable String label = request.label();
        @Nullable ScopeSet scopes = request.scopes();
        if (label == null) {
            throw Fields.invalid("name", "is missing");
        }
        if (scopes == null) {
            throw Refusal.of(ErrorCode.INVALID_SCOPE, "scopes is missing");
        }
        Maker maker = Maker.of(call.decision());
        ScopeSet bounded = maker.scopes(scopes);
        Lifetime life = request.lifetime();
        @Nullable Instant end = maker.expiry(life.isGiven() ? life.end(now, Duration.ZERO) : null);
        return reaches.resolve(transaction, call.orgId(), maker, new Reaches.Asked(request, null))
                .map(reach -> new Given(label, bounded, reach, end));
    }

    /** What the request makes of a child that is there; what it leaves out stays. */
    public Future<Credential> edited(Call call, Transaction transaction, Credential before, Instant now) {
        KeyRequest request = KeyRequest.parse(call.body());
        Maker maker = Maker.of(call.decision());
        Lifetime life = request.lifetime();
        return reaches.resolve(transaction, call.orgId(), maker, new Reaches.Asked(request, before.reach()))
                .map(reach -> before.edited(
                        request.label() == null ? before.label() : request.label(),
                        request.scopes() == null ? before.scopes() : maker.scopes(request.scopes()),
                        reach,
                        life.isGiven()
                                ? maker.extended(before.expiresAt(), life.end(now, Duration.ZERO))
                                : before.expiresAt()));
    }

    /** The credential below which the call sees, or null for everything. */
    public static @Nullable UUID below(Call call) {
        return KeyAccess.below(call);
    }

    /** The credential, when the call sees it; else it is absent. */
    public static KeyStore.Standing seen(Call call, KeyStore.@Nullable Standing found, ErrorCode absent) {
        @Nullable UUID below = KeyAccess.below(call);
        if (found == null || !(below == null || KeyAccess.isOrDescends(found, below))) {
            throw Refusal.of(absent);
        }
        return KeyAccess.seen(call, found);
    }

    /** The credential, when the call sees it and it is no stronger than the token that asks. */
    public static KeyStore.Standing changeable(Call call, KeyStore.@Nullable Standing found, ErrorCode absent) {
        return KeyAccess.changeable(call, seen(call, found, absent));
    }
}
