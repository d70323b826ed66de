package com.fyvault.environments;

import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A project's environments by what a request may call them: the lower-case name or the id.
 *
 * @param byReference also holds the default one, under the empty string
 */
record ProjectView(UUID orgId, UUID projectId, Map<String, Located> byReference) {
    static final String DEFAULT = "";

    ProjectView {
        byReference = Map.copyOf(byReference);
    }

    /** The environment of a lower-case name or id; the default one for null. */
    @Nullable
    Located find(@Nullable String reference) {
        return byReference.get(reference == null ? DEFAULT : reference);
    }
}
