package com.fyvault.secrets;

import com.fyvault.environments.EnvironmentState;
import io.vertx.core.Future;
import java.util.List;
import java.util.UUID;

/** Where sealed values come from. Every answer is one snapshot, stamped with the environment's version in it. */
public interface SealedValueStore {
    /** At most this many changes are named; more are answered with {@code overflow}. */
    int MOST_CHANGES = 1_000;

    /** What changed in an environment after a version. */
    record Changes(long version, List<Changed> secrets, boolean overflow, boolean gone) {}

    /** A secret whose value changed. */
    record Changed(UUID secretId, String nameKey) {}

    /** The value of a lower-case name, or of an id. */
    Future<SealedValue> find(EnvironmentState environment, SecretKey key);

    /** The changes after {@code sinceVersion}, complete: each carries the version that its own commit set under the row's lock. */
    Future<Changes> changedSince(EnvironmentState environment, long sinceVersion);
}
