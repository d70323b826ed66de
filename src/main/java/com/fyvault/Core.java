package com.fyvault;

import com.fyvault.audit.AuditLog;
import com.fyvault.audit.PostgresAuditLog;
import com.fyvault.crypto.RootKeySource;
import com.fyvault.crypto.RowSeal;
import com.fyvault.crypto.SubKeys;
import com.fyvault.crypto.Uuid7;
import com.fyvault.crypto.ValuePrints;
import com.fyvault.events.EventBell;
import com.fyvault.events.PostgresEventStore;
import com.fyvault.events.ToldChanges;
import com.fyvault.limits.Limits;
import com.fyvault.nodes.LiveNodes;
import com.fyvault.nodes.NodeLease;
import com.fyvault.orgs.Keyrings;
import com.fyvault.orgs.PostgresOrgKeyStore;
import com.fyvault.platform.async.EventLoops;
import com.fyvault.platform.config.SharedDecisionSettings;
import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.redis.RedisLink;
import com.fyvault.tokens.Authority;
import com.fyvault.tokens.PostgresCredentialStore;
import com.fyvault.tokens.RedisDecisions;
import com.fyvault.tokens.SharedDecisions;
import com.fyvault.tokens.Tombstones;
import com.fyvault.uses.Uses;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.security.SecureRandom;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/** What every feature stands on: time, chance, keys, the database, and who may do what. */
final class Core {
    private static final int WORKERS = Math.max(2, Runtime.getRuntime().availableProcessors());
    /** Keys are looked up inside transactions: from the same pool they could wait for themselves. */
    private static final int KEY_CONNECTIONS = 2;

    final Vertx vertx;
    final Settings settings;
    final RootKeySource root;
    final SecureRandom random;
    final Clock clock = Clock.systemUTC();
    final Uuid7 ids;
    final RowSeal seals;
    final RowSeal fingerprints;
    final ValuePrints valuePrints;
    final WorkerExecutor workers;
    final Database database;
    final EventBell bell;
    final PostgresEventStore events;
    /** Of changes, which tells of them. */
    final AuditLog audit;

    final PostgresOrgKeyStore orgKeys;
    final Keyrings keyrings;
    final Authority authority;
    final Tombstones tombstones = new Tombstones();
    final EventLoops loops = new EventLoops();
    final LiveNodes liveNodes = new LiveNodes();
    final NodeLease lease = new NodeLease();
    /** Null when Redis is not configured. */
    final @Nullable RedisLink redis;
    /** Null when nodes share none. */
    final @Nullable RedisDecisions sharedDecisions;

    final Limits limits;
    final Uses uses;

    Core(Vertx vertx, Settings settings, RootKeySource root, SecureRandom random) {
        this.vertx = vertx;
        this.settings = settings;
        this.root = root;
        this.random = random;
        this.ids = new Uuid7(clock, random);
        SubKeys keys = root.subKeys();
        this.seals = new RowSeal(keys.rowSeal());
        this.fingerprints = new RowSeal(keys.idempotency());
        this.valuePrints = new ValuePrints(keys.valuePrint());
        this.workers = vertx.createSharedWorkerExecutor("fyvault-crypto", WORKERS);
        this.database = new Database(vertx, settings.postgres(), "fyvault");
        this.bell = new EventBell(ids.next());
        this.events = new PostgresEventStore(database);
        this.audit = new ToldChanges(new PostgresAuditLog(), events, bell, ids);
        this.orgKeys = new PostgresOrgKeyStore(
                new Database(vertx, settings.postgres().withPoolSize(KEY_CONNECTIONS), "fyvault-keys"));
        this.keyrings = new Keyrings(vertx, orgKeys, root, workers);
        this.uses = new Uses(settings.uses().most());
        this.redis = settings.redis().isConfigured() ? new RedisLink(vertx, settings.redis()) : null;
        this.sharedDecisions = sharedDecisions(keys);
        this.authority = new Authority(
                vertx,
                new PostgresCredentialStore(database, seals),
                sharedDecisions == null ? SharedDecisions.NONE : sharedDecisions,
                settings.cache());
        this.limits = redis == null
                ? Limits.alone(vertx, settings.limits(), clock)
                : Limits.shared(vertx, settings.limits(), redis, liveNodes);
    }

    private @Nullable RedisDecisions sharedDecisions(SubKeys keys) {
        SharedDecisionSettings shared = settings.redis().decisions();
        return redis == null || shared.kept().isZero()
                ? null
                : new RedisDecisions(redis, keys.cacheMac(), shared, clock);
    }
}
