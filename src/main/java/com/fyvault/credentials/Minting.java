package com.fyvault.credentials;

import com.fyvault.api.Call;
import com.fyvault.crypto.Uuid7;
import com.fyvault.limits.Windows;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Authority;
import com.fyvault.tokens.Credential;
import com.fyvault.tokens.MintedToken;
import com.fyvault.tokens.Reach;
import com.fyvault.tokens.ScopeSet;
import com.fyvault.tokens.TokenFormat;
import com.fyvault.tokens.TokenKind;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Draws a token and stores its credential: a child of the one that asks for it, or a key of the person who does. */
public final class Minting {
    private final KeyStore store;
    private final Authority authority;
    private final Uuid7 ids;
    private final SecureRandom random;

    public Minting(KeyStore store, Authority authority, Uuid7 ids, SecureRandom random) {
        this.store = store;
        this.authority = authority;
        this.ids = ids;
        this.random = random;
    }

    /** What a token is given. */
    record Grant(
            String label,
            ScopeSet scopes,
            Instant now,
            @Nullable Instant expiresAt,
            Reach reach,
            Windows limits,
            @Nullable UUID team) {
        Grant(String label, ScopeSet scopes, Instant now, @Nullable Instant expiresAt) {
            this(label, scopes, now, expiresAt, Reach.EVERYWHERE, Windows.NONE, null);
        }

        Grant within(Reach other) {
            return new Grant(label, scopes, now, expiresAt, other, limits, team);
        }

        /** With limits of its own, besides those of its parents; null for none. */
        Grant limitedTo(@Nullable Windows windows) {
            return new Grant(label, scopes, now, expiresAt, reach, windows == null ? Windows.NONE : windows, team);
        }

        /** Owned by a team; null for whoever owns the credential that asks. */
        Grant ownedBy(@Nullable UUID owner) {
            return new Grant(label, scopes, now, expiresAt, reach, limits, owner);
        }
    }

    /** A stored credential and its token, which is shown once. */
    public record Made(Credential credential, MintedToken token) {}

    Future<Made> mint(Call call, Transaction transaction, TokenKind kind, Grant grant) {
        Credential parent = call.decision().credential();
        // What a person makes does not end with the login that they made it with, unless it is a session.
        boolean lasting = parent.kind() == TokenKind.LOGIN && kind != TokenKind.SESSION;
        MintedToken token = TokenFormat.mint(kind, random);
        Credential child = new Credential(
                call.orgId(),
                ids.next(),
                token.hash(),
                kind,
                grant.label(),
                token.lastFour(),
                grant.scopes(),
                grant.reach(),
                grant.limits().toJson(),
                grant.team() == null ? parent.ownerUserId() : null,
                grant.team() == null ? parent.ownerTeamId() : grant.team(),
                lasting ? null : parent.id(),
                kind == TokenKind.SESSION ? parent.hash() : null,
                call.caller().actor(),
                grant.now(),
                grant.expiresAt(),
                null,
                null);
        call.record().detail("token_id", child.id().toString());
        call.afterCommit(() -> {
            authority.issued(token.hash());
            return Future.succeededFuture();
        });
        return store.add(transaction, child).map(new Made(child, token));
    }

    /** Stores a child that has been drawn up already, under a token of its own. */
    Future<Made> store(Call call, Transaction transaction, Made made) {
        call.record().detail("token_id", made.credential().id().toString());
        call.afterCommit(() -> {
            authority.issued(made.token().hash());
            return Future.succeededFuture();
        });
        return store.add(transaction, made.credential()).map(made);
    }

    MintedToken draw(TokenKind kind) {
        return TokenFormat.mint(kind, random);
    }

    UUID nextId() {
        return ids.next();
    }

    /** Another token for a credential that stays what it is. */
    Made another(Credential credential) {
        MintedToken token = TokenFormat.mint(credential.kind(), random);
        return new Made(credential.withToken(token.hash(), token.lastFour()), token);
    }
}
