package com.fyvault.orgs;

import com.fyvault.crypto.OrgKey;
import com.fyvault.crypto.OrgKeyId;
import com.fyvault.crypto.OrgKeyring;
import com.fyvault.crypto.RootKeySource;
import com.fyvault.platform.async.SingleFlight;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Organization keys, unwrapped, in memory for a while: the root is asked again after 15 minutes at most. */
public final class Keyrings {
    private static final Duration KEPT = Duration.ofMinutes(15);
    private static final int MOST = 100_000;
    private static final int RESERVED = 1_000;
    private static final long WARN_USES = 1L << 28;
    private static final long MOST_USES = 1L << 31;
    private static final Logger LOG = LoggerFactory.getLogger(Keyrings.class);

    private final OrgKeyStore store;
    private final RootKeySource root;
    private final WorkerExecutor workers;
    private final SingleFlight<UUID, OrgKeyring> lookups;
    private final Cache<UUID, OrgKeyring> rings =
            Caffeine.newBuilder().expireAfterWrite(KEPT).maximumSize(MOST).build();

    private final Cache<OrgKeyId, AtomicInteger> uses =
            Caffeine.newBuilder().maximumSize(MOST).build();

    public Keyrings(Vertx vertx, OrgKeyStore store, RootKeySource root, WorkerExecutor workers) {
        this.store = store;
        this.root = root;
        this.workers = workers;
        this.lookups = new SingleFlight<>(vertx);
    }

    /** The key of an epoch when it is at hand, or null. */
    public @Nullable OrgKey peek(UUID orgId, int epoch) {
        @Nullable OrgKeyring ring = rings.getIfPresent(orgId);
        return ring == null ? null : ring.find(epoch);
    }

    /** The key of an epoch; null when the organization has none of that epoch. */
    public Future<@Nullable OrgKey> key(UUID orgId, int epoch) {
        @Nullable OrgKey ready = peek(orgId, epoch);
        return ready != null ? Future.succeededFuture(ready) : load(orgId).map(ring -> ring.find(epoch));
    }

    /**
     * The key that seals, for one use. Uses are counted in the store, a thousand at a time: a crash
     * counts too many, never too few. Random nonces are good for 2^32 uses of a key (NIST SP 800-38D,
     * 8.3); at 2^31 it seals no more.
     */
    public Future<OrgKey> primary(UUID orgId) {
        @Nullable OrgKeyring ring = rings.getIfPresent(orgId);
        Future<OrgKeyring> known = ring != null ? Future.succeededFuture(ring) : load(orgId);
        return known.compose(found -> reserve(found.primary()));
    }

    private Future<OrgKey> reserve(OrgKey key) {
        AtomicInteger left = Objects.requireNonNull(uses.get(key.id(), id -> new AtomicInteger()));
        if (left.getAndDecrement() > 0) {
            return Future.succeededFuture(key);
        }
        return store.reserve(key.id(), RESERVED).map(used -> {
            if (used > MOST_USES) {
                throw Refusal.of(ErrorCode.LIMIT_REACHED, "The organization's key has sealed all it may; rotate it");
            }
            if (used > WARN_USES) {
                LOG.atWarn().addKeyValue("orgId", key.orgId()).log("organization key is due for rotation");
            }
            left.set(RESERVED - 1);
            return key;
        });
    }

    private Future<OrgKeyring> load(UUID orgId) {
        return lookups.run(
                orgId,
                () -> store.find(orgId)
                        .compose(wrapped -> workers.executeBlocking(() -> unwrap(orgId, wrapped), false))
                        .map(ring -> {
                            rings.put(orgId, ring);
                            return ring;
                        }));
    }

    private OrgKeyring unwrap(UUID orgId, List<OrgKeyStore.WrappedKey> wrapped) {
        List<OrgKey> keys = new ArrayList<>();
        int primary = 0;
        for (OrgKeyStore.WrappedKey key : wrapped) {
            keys.add(OrgKey.unwrap(root, new OrgKeyId(orgId, key.epoch()), key.wrapped()));
            primary = key.primary() ? key.epoch() : primary;
        }
        if (primary == 0) {
            throw Refusal.of(ErrorCode.SEALED_VALUE_REFUSED);
        }
        return OrgKeyring.of(keys, primary);
    }
}
