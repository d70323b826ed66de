package com.fyvault.secrets;

import com.fyvault.environments.Place;
import io.vertx.core.Future;
import java.util.List;

/** Where all sealed values of an environment come from at once. */
public interface BulkValueStore {
    /** One answer holds at most this many values. */
    int MOST_VALUES = 2_000;

    /** And this many sealed bytes. */
    long MOST_BYTES = 32L * 1024 * 1024;

    /** The values and the environment's version, in one snapshot. */
    record Values(long environmentVersion, List<SecretStore.Sealed> values) {}

    /** Every readable value of the place; fails when a head does not fit its seal. */
    Future<Values> find(Place place);
}
