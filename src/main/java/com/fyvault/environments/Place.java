package com.fyvault.environments;

import java.util.UUID;

/**
 * An environment in its project, as one statement found it.
 *
 * @param version the environment's version; after a change, the one that the change has set
 * @param production true for what a test key keeps away from
 */
public record Place(UUID orgId, UUID projectId, UUID environmentId, String name, long version, boolean production) {}
