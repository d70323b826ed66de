package com.fyvault.agents;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What an agent has besides its credential.
 *
 * @param type what kind of agent it is, in the words of who made it
 * @param maxTtlSeconds the longest life that was asked for; null for none
 */
public record Agent(
        UUID orgId,
        UUID credentialId,
        String type,
        @Nullable String description,
        @Nullable Long maxTtlSeconds) {}
