package com.fyvault.providers;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a provider has besides its credential.
 *
 * @param type what it provides, in the words of who registered it
 * @param webhookUrl where it is told of what is its own; null for nowhere
 * @param secretPrefix how the names of its secrets begin, as it was written; null for any
 */
record Provider(
        UUID orgId,
        UUID credentialId,
        String type,
        @Nullable String description,
        @Nullable String secretPrefix,
        @Nullable String webhookUrl) {}
