package com.fyvault.agents;

import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where the agents' own part of their credentials lies. */
public interface AgentStore {
    Future<Void> add(Transaction transaction, Agent agent);

    /** One of them, as the transaction sees it; null when it is none. */
    Future<@Nullable Agent> find(Transaction transaction, UUID orgId, UUID credentialId);

    /** Those of the credentials that are agents', by id. */
    Future<Map<UUID, Agent>> find(UUID orgId, Collection<UUID> credentialIds);
}
