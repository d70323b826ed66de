package com.fyvault.environments;

import java.util.UUID;

/** A project that was found to exist in its organization. */
public record ProjectKey(UUID orgId, UUID projectId) {}
