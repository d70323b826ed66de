package com.fyvault.secrets;

import com.fyvault.environments.Place;
import io.vertx.core.Future;
import java.util.List;

/** Where all sealed values of an environment come from at once. */
public interface BulkValueStore {
    /** The values and the environment's version, in one snapshot. */
    record Values(long environmentVersion, List<SecretStore.Sealed> values) {}

    /** Every readable value of the place; fails when a head does not fit its seal. */
    Future<Values> find(Place place);
}
