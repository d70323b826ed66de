package com.fyvault.secrets;

import com.fyvault.crypto.Binding;
import com.fyvault.crypto.Purpose;
import com.fyvault.environments.EnvironmentState;
import com.fyvault.environments.Place;
import java.util.UUID;

/** Where a value belongs, which is what its seal is bound to. */
final class Bindings {
    private Bindings() {}

    static Binding of(Place place, UUID secretId, long version) {
        return new Binding(Purpose.SECRET, place.orgId(), place.projectId(), place.environmentId(), secretId, version);
    }

    static Binding of(EnvironmentState place, UUID secretId, long version) {
        return new Binding(Purpose.SECRET, place.orgId(), place.projectId(), place.environmentId(), secretId, version);
    }
}
