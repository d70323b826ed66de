package com.fyvault.nodes;

import java.util.UUID;

/**
 * Authority that was taken away.
 *
 * @param epoch the organization's auth_epoch as the change has set it: what was decided on the
 *     credential before it counts no more
 */
public record Cut(UUID orgId, UUID credentialId, long epoch) {}
