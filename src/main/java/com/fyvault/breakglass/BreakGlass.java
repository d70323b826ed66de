package com.fyvault.breakglass;

import java.util.UUID;

/**
 * Who opened a break-glass token, and why.
 *
 * @param email of the person, as it is now
 */
public record BreakGlass(UUID orgId, UUID credentialId, UUID userId, String email, String reason) {}
