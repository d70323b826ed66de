package com.fyvault.webhooks;

import com.fyvault.events.TypeNames;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A webhook that is to be told.
 *
 * @param provider what it is told when it is a provider's; null for one of the organization
 * @param lives false when its provider is over, and has not been told yet
 */
record Listener(UUID id, TypeNames types, @Nullable ProviderMessages provider, boolean lives) {}
