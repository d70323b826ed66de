package com.fyvault.secrets;

import com.fyvault.environments.EnvironmentState;
import com.fyvault.platform.async.SingleFlight;
import com.fyvault.platform.config.CacheSettings;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sealed values in memory: ciphertext, never plaintext. Absence is kept too. An entry is a hint
 * until the audit commit has compared the environment's version; on a mismatch {@link #refresh} asks
 * what changed and evicts exactly that. See {@link EnvironmentState} for the order that keeps a late
 * fill out.
 */
public final class SealedValues {
    private static final Logger LOG = LoggerFactory.getLogger(SealedValues.class);

    private record Key(EnvironmentState environment, SecretKey secret) {}

    private final SealedValueStore store;
    private final Cache<Key, SealedValue> values;
    private final SingleFlight<Key, SealedValue> lookups;
    private final SingleFlight<UUID, Boolean> refreshes;

    public SealedValues(Vertx vertx, SealedValueStore store, CacheSettings settings) {
        this.store = store;
        this.lookups = new SingleFlight<>(vertx);
        this.refreshes = new SingleFlight<>(vertx);
        this.values = Caffeine.newBuilder()
                .maximumWeight(settings.valueBytes())
                .weigher((Key key, SealedValue value) -> value.weight())
                .build();
    }

    /** The value as this node knows it, or null when it must be looked up. */
    public @Nullable SealedValue peek(EnvironmentState environment, SecretKey secret) {
        @Nullable SealedValue value = values.getIfPresent(new Key(environment, secret));
        return value != null && environment.holds(value.readVersion()) ? value : null;
    }

    /** The value from PostgreSQL, kept unless the environment has moved past the snapshot it was read in. */
    public Future<SealedValue> load(EnvironmentState environment, SecretKey secret) {
        Key key = new Key(environment, secret);
        return lookups.run(
                key,
                () -> store.find(environment, secret).map(found -> {
                    values.asMap().compute(key, (k, old) -> environment.admits(found.readVersion()) ? found : old);
                    return found;
                }));
    }

    /** The environment's version that this value is good at: read after finding it, sound because it is still there. */
    @SuppressWarnings("ReferenceEquality")
    public long versionOf(EnvironmentState environment, SecretKey secret, SealedValue value) {
        long version = environment.version();
        return peek(environment, secret) == value ? version : value.readVersion();
    }

    /** Applies every change since the version this node knows; false when the environment is gone. */
    public Future<Boolean> refresh(EnvironmentState environment) {
        return refreshes.run(
                environment.environmentId(),
                () -> store.changedSince(environment, environment.version()).map(changes -> {
                    environment.begin(changes.version(), changes.overflow());
                    for (SealedValueStore.Changed changed : changes.secrets()) {
                        values.invalidate(new Key(environment, SecretKey.name(changed.nameKey())));
                        values.invalidate(new Key(environment, SecretKey.id(changed.secretId())));
                    }
                    environment.finish(changes.version());
                    return !changes.gone();
                }));
    }

    /** The same for an environment in which only other values have changed: nobody waits for it. */
    public void refreshLater(EnvironmentState environment) {
        refresh(environment).onFailure(failure -> LOG.debug("refresh failed; the next read tries again"));
    }

    /** Entries in memory, for metrics. */
    public long size() {
        return values.estimatedSize();
    }
}
