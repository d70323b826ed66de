package com.fyvault.bootstrap;

import com.fyvault.audit.AuditAction;
import com.fyvault.audit.AuditLog;
import com.fyvault.audit.AuditRecord;
import com.fyvault.credentials.KeyStore;
import com.fyvault.crypto.OrgKey;
import com.fyvault.crypto.OrgKeyId;
import com.fyvault.crypto.RootKeySource;
import com.fyvault.crypto.Uuid7;
import com.fyvault.orgs.OrgKeyStore;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Credential;
import com.fyvault.tokens.MintedToken;
import com.fyvault.tokens.Reach;
import com.fyvault.tokens.ScopeSet;
import com.fyvault.tokens.TokenFormat;
import com.fyvault.tokens.TokenKind;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/**
 * The first organization of an installation, with its owner and the owner's key. Whoever can run
 * this has the root key and the database, so no token is asked for.
 */
public final class Bootstrap {
    private static final Duration KEY_LIFE = Duration.ofDays(365);

    private final Database database;
    private final OrgWriter orgs;
    private final OrgKeyStore keys;
    private final KeyStore credentials;
    private final Tools tools;

    /** Ids, randomness, time, the root key and the audit log. */
    public record Tools(Uuid7 ids, SecureRandom random, Clock clock, RootKeySource root, AuditLog audit) {}

    /** What was made. The key's text is shown once. */
    public record Made(UUID orgId, UUID projectId, UUID ownerId, MintedToken key) {}

    public Bootstrap(Database database, OrgWriter orgs, OrgKeyStore keys, KeyStore credentials, Tools tools) {
        this.database = database;
        this.orgs = orgs;
        this.keys = keys;
        this.credentials = credentials;
        this.tools = tools;
    }

    /** An organization and a key of its owner. */
    public record First(UUID orgId, MintedToken key) {}

    /**
     * The organization that is there, with another key of its owner; a new one when there is none. A start
     * that was cut short after the commit finds what it has made.
     */
    public Future<First> makeFirst(String name, String ownerEmail) {
        return database.everywhere()
                .inTransaction(transaction -> orgs.findFirst(transaction)
                        .compose(orgId -> orgId == null
                                ? make(transaction, name, ownerEmail).map(made -> new First(made.orgId(), made.key()))
                                : anotherKey(transaction, orgId).map(key -> new First(orgId, key))));
    }

    /** Makes an organization with its owner, its default project and environments, and the owner's key. */
    public Future<Made> make(String name, String ownerEmail) {
        return database.inTransaction(transaction -> make(transaction, name, ownerEmail));
    }

    private Future<Made> make(Transaction transaction, String name, String ownerEmail) {
        return makeOwned(transaction, name, ownerEmail)
                .compose(owned -> addKey(transaction, owned.orgId(), owned.ownerId())
                        .map(minted -> new Made(owned.orgId(), owned.projectId(), owned.ownerId(), minted)));
    }

    /** An organization with its owner, who logs in and needs no key for it. */
    public record Owned(UUID orgId, UUID projectId, UUID ownerId) {}

    /** Makes an organization with its default project and environments; the account of the address, known or new, owns it. */
    public Future<Owned> makeOwned(Transaction transaction, String name, String ownerEmail) {
        UUID orgId = tools.ids().next();
        OrgKey key = OrgKey.generate(new OrgKeyId(orgId, 1), tools.random());
        OrgKeyStore.WrappedKey wrapped = new OrgKeyStore.WrappedKey(1, key.wrapUnder(tools.root()), true);
        return transaction
                .enter(orgId)
                .compose(in -> orgs.add(transaction, orgId, name))
                .compose(slug -> keys.add(transaction, orgId, wrapped))
                .compose(kept -> orgs.addOwner(transaction, orgId, ownerEmail))
                .compose(ownerId -> orgs.addDefaultProject(transaction, orgId)
                        .compose(projectId -> recorded(transaction, orgId, AuditAction.ORG_CREATE)
                                .map(noted -> new Owned(orgId, projectId, ownerId))));
    }

    /** A new key of the owner with every scope, for an organization that lost its last one; refused when there is none of that id. */
    public Future<MintedToken> anotherKey(UUID orgId) {
        return database.inTransaction(transaction -> anotherKey(transaction, orgId));
    }

    private Future<MintedToken> anotherKey(Transaction transaction, UUID orgId) {
        return transaction
                .enter(orgId)
                .compose(in -> orgs.findOwner(transaction, orgId))
                .compose(ownerId -> {
                    if (ownerId == null) {
                        throw Refusal.of(ErrorCode.ORG_NOT_FOUND);
                    }
                    return addKey(transaction, orgId, ownerId);
                });
    }

    private Future<Void> recorded(Transaction transaction, UUID orgId, AuditAction action) {
        return tools.audit().append(transaction, new AuditRecord(tools.ids().next(), action).bySystem(orgId));
    }

    private Future<MintedToken> addKey(Transaction transaction, UUID orgId, UUID ownerId) {
        MintedToken minted = TokenFormat.mint(TokenKind.API_KEY, tools.random());
        Instant now = tools.clock().instant().truncatedTo(ChronoUnit.MICROS);
        Credential credential = new Credential(
                orgId,
                tools.ids().next(),
                minted.hash(),
                TokenKind.API_KEY,
                "Owner",
                minted.lastFour(),
                ScopeSet.all(),
                Reach.EVERYWHERE,
                "{}",
                ownerId,
                null,
                null,
                null,
                "system",
                now,
                now.plus(KEY_LIFE),
                null,
                null);
        AuditRecord record = new AuditRecord(tools.ids().next(), AuditAction.KEY_CREATE)
                .bySystem(orgId)
                .detail("token_id", credential.id().toString());
        return credentials
                .add(transaction, credential)
                .compose(added -> tools.audit().append(transaction, record))
                .map(minted);
    }
}
