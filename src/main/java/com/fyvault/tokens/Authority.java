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
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Ready decisions by token hash.
 *
 * <p>A decision is a hint until the commit of its audit record has compared the epoch it was made
 * with; on a mismatch {@link #refresh} asks what changed and lets go of exactly that.
 */
public final class Authority {
    private static final Duration UNKNOWN_KEPT = Duration.ofSeconds(5);
    private static final int UNKNOWN_MOST = 100_000;

    private final CredentialStore store;
    private final SharedDecisions shared;
    private final DecisionCache decisions;
    private final Cache<TokenHash, Boolean> unknown = Caffeine.newBuilder()
            .expireAfterWrite(UNKNOWN_KEPT)
            .maximumSize(UNKNOWN_MOST)
            .build();
    private final SingleFlight<TokenHash, Decision> lookups;
    private final SingleFlight<UUID, Void> refreshes;
    private final AtomicInteger running = new AtomicInteger();
    private final int mostLookups;

    /** For a node that shares no decisions. */
    public Authority(Vertx vertx, CredentialStore store, CacheSettings settings) {
        this(vertx, store, SharedDecisions.NONE, settings);
    }

    public Authority(Vertx vertx, CredentialStore store, SharedDecisions shared, CacheSettings settings) {
        this.lookups = new SingleFlight<>(vertx);
        this.refreshes = new SingleFlight<>(vertx);
        this.store = store;
        this.shared = shared;
        this.decisions = new DecisionCache(settings.decisions());
        this.mostLookups = settings.lookups();
    }

    /** The ready decision, or null when it must be looked up with {@link #decide}. */
    public @Nullable Decision peek(TokenHash hash) {
        return decisions.peek(hash);
    }

    /** The epoch for the commit to check this decision against. */
    public long epochOf(TokenHash hash, Decision decision) {
        return decisions.epochOf(hash, decision);
    }

    /** The decision from memory, from another node or from PostgreSQL, one look-up a token at a time; an unknown token is refused. */
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
                    decisions.apply(org, changes);
                    changes.sessions().forEach(shared::forget);
                    return null;
                }));
    }

    /** Forgets that a token was unknown: it has just been issued. */
    public void issued(TokenHash hash) {
        unknown.invalidate(hash);
    }

    /** Entries in memory, for metrics. */
    public long size() {
        return decisions.size();
    }

    /** The node's state of an organization, if it has met it. */
    public @Nullable OrgState org(UUID orgId) {
        return decisions.org(orgId);
    }

    private Future<Decision> lookUp(TokenHash hash) {
        return shared.find(hash, found -> decisions.believe(hash, found)).compose(believed -> {
            return believed == null ? ask(hash) : Future.succeededFuture(believed);
        });
    }

    private Future<Decision> ask(TokenHash hash) {
        if (running.incrementAndGet() > mostLookups) {
            running.decrementAndGet();
            return Future.failedFuture(Refusal.of(ErrorCode.OVERLOADED));
        }
        return store.find(hash).onComplete(done -> running.decrementAndGet()).compose(found -> {
            if (found == null) {
                unknown.put(hash, true);
                return Future.failedFuture(Refusal.of(ErrorCode.TOKEN_INVALID));
            }
            shared.keep(hash, found);
            return Future.succeededFuture(decisions.admit(hash, found));
        });
    }
}
