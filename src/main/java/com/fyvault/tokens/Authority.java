package com.fyvault.tokens;

import com.fyvault.platform.async.SingleFlight;
import com.fyvault.platform.config.CacheSettings;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Ready decisions by token hash.
 *
 * <p>A decision is a hint until the commit of its audit record has compared the epoch it was made
 * with; on a mismatch {@link #refresh} asks what changed and lets go of exactly that. The order that
 * makes it safe stands in {@link OrgState}: a fill is refused when the organization has moved past
 * the epoch it was read at (checked inside the map's own lock), so a look-up that was answered before
 * a revocation cannot land after it.
 */
public final class Authority {
    private static final Duration UNKNOWN_KEPT = Duration.ofSeconds(5);
    private static final int UNKNOWN_MOST = 100_000;

    private final CredentialStore store;
    private final Cache<TokenHash, Decision> decisions;
    private final Cache<TokenHash, Boolean> unknown = Caffeine.newBuilder()
            .expireAfterWrite(UNKNOWN_KEPT)
            .maximumSize(UNKNOWN_MOST)
            .build();
    private final ConcurrentHashMap<UUID, OrgState> orgs = new ConcurrentHashMap<>();
    private final SingleFlight<TokenHash, Decision> lookups;
    private final SingleFlight<UUID, Void> refreshes;
    private final AtomicInteger running = new AtomicInteger();
    private final int mostLookups;

    public Authority(Vertx vertx, CredentialStore store, CacheSettings settings) {
        this.lookups = new SingleFlight<>(vertx);
        this.refreshes = new SingleFlight<>(vertx);
        this.store = store;
        this.decisions = Caffeine.newBuilder().maximumSize(settings.decisions()).build();
        this.mostLookups = settings.lookups();
    }

    /** The ready decision, or null when it must be looked up with {@link #decide}. */
    public @Nullable Decision peek(TokenHash hash) {
        @Nullable Decision decision = decisions.getIfPresent(hash);
        return decision != null && decision.org().holds(decision) ? decision : null;
    }

    /**
     * The epoch to check this decision against. The organization's, when the decision is still in
     * the cache after reading it; else the one it was read at, which is always sound.
     */
    public long epochOf(TokenHash hash, Decision decision) {
        long epoch = decision.org().epoch();
        return peek(hash) == decision ? epoch : decision.readEpoch();
    }

    /** The decision from memory or PostgreSQL, one look-up a token at a time; an unknown token is refused. */
    public Future<Decision> decide(TokenHash hash) {
        @Nullable Decision ready = peek(hash);
        if (ready != null) {
            return Future.succeededFuture(ready);
        }
        if (unknown.getIfPresent(hash) != null) {
            return Future.failedFuture(Refusal.of(ErrorCode.TOKEN_INVALID));
        }
        return lookups.run(hash, () -> lookUp(hash));
    }

    /** Applies every change of the organization's authority since the epoch this node knows. */
    public Future<Void> refresh(OrgState org) {
        return refreshes.run(
                org.orgId(),
                () -> store.changedSince(org.orgId(), org.epoch()).map(changes -> {
                    apply(org, changes);
                    return null;
                }));
    }

    /** Forgets that a token was unknown: it has just been issued. */
    public void issued(TokenHash hash) {
        unknown.invalidate(hash);
    }

    /** Entries in memory, for metrics. */
    public long size() {
        return decisions.estimatedSize();
    }

    /** The node's state of an organization, if it has met it. */
    public @Nullable OrgState org(UUID orgId) {
        return orgs.get(orgId);
    }

    private Future<Decision> lookUp(TokenHash hash) {
        if (running.incrementAndGet() > mostLookups) {
            running.decrementAndGet();
            return Future.failedFuture(Refusal.of(ErrorCode.OVERLOADED));
        }
        return store.find(hash).onComplete(done -> running.decrementAndGet()).compose(found -> {
            if (found == null) {
                unknown.put(hash, true);
                return Future.failedFuture(Refusal.of(ErrorCode.TOKEN_INVALID));
            }
            return Future.succeededFuture(admit(hash, found));
        });
    }

    private Decision admit(TokenHash hash, CredentialStore.Found found) {
        UUID orgId = found.chain().get(0).orgId();
        OrgState org = orgs.computeIfAbsent(orgId, id -> new OrgState(id, found.epoch()));
        Decision decision = new Decision(org, found.chain(), found.epoch(), found.nowMicros());
        decisions.asMap().compute(hash, (key, old) -> {
            boolean late = !org.admits(found.epoch());
            return late ? old : decision;
        });
        return decision;
    }

    private void apply(OrgState org, CredentialStore.Changes changes) {
        org.begin(changes.epoch(), changes.keys(), changes.overflow());
        changes.sessions().forEach(decisions::invalidate);
        org.finish(changes.epoch());
    }
}
