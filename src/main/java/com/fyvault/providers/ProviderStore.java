package com.fyvault.providers;

import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where the providers' own part of their credentials lies. */
interface ProviderStore {
    /** @param webhookSecret the envelope of what signs the messages to it */
    Future<Void> add(Transaction transaction, Provider provider, byte[] webhookSecret);

    /** Changes what is no authority; null leaves as it is, an empty text removes. */
    Future<Provider> edit(Transaction transaction, UUID orgId, UUID credentialId, Edit edit);

    /** One of them, as the transaction sees it; refused with 404 when it is none. */
    Future<Provider> find(Transaction transaction, UUID orgId, UUID credentialId);

    /** The tokens from before a roll that are still good, by id. */
    Future<List<UUID>> former(Transaction transaction, UUID orgId, UUID credentialId);

    /** Those of the credentials that are providers', by id. */
    Future<Map<UUID, Provider>> find(UUID orgId, Collection<UUID> credentialIds);

    record Edit(@Nullable String description, @Nullable String secretPrefix) {}
}
