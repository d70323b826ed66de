package com.fyvault.agents;

import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Agents in PostgreSQL. */
public final class PostgresAgentStore implements AgentStore {
    private static final String ADD = """
            insert into agent_credential (org_id, credential_id, agent_type, description, max_ttl_seconds)
            values ($1, $2, $3, $4, $5)
            """;
    private static final String FIND = """
            select credential_id, agent_type, description, max_ttl_seconds
              from agent_credential where org_id = $1 and credential_id = any($2)
            """;

    private final Database database;

    public PostgresAgentStore(Database database) {
        this.database = database;
    }

    @Override
    public Future<Void> add(Transaction transaction, Agent agent) {
        return transaction
                .query(
                        ADD,
                        Tuple.of(
                                agent.orgId(),
                                agent.credentialId(),
                                agent.type(),
                                agent.description(),
                                agent.maxTtlSeconds()))
                .mapEmpty();
    }

    @Override
    public Future<@Nullable Agent> find(Transaction transaction, UUID orgId, UUID credentialId) {
        Tuple named = Tuple.of(orgId).addArrayOfUUID(new UUID[] {credentialId});
        return transaction
                .query(FIND, named)
                .map(rows ->
                        rows.size() == 0 ? null : agent(orgId, rows.iterator().next()));
    }

    @Override
    public Future<Map<UUID, Agent>> find(UUID orgId, Collection<UUID> credentialIds) {
        Tuple named = Tuple.of(orgId).addArrayOfUUID(credentialIds.toArray(UUID[]::new));
        return database.query(orgId, FIND, named).map(rows -> {
            Map<UUID, Agent> found = new HashMap<>();
            for (Row row : rows) {
                found.put(row.getUUID("credential_id"), agent(orgId, row));
            }
            return found;
        });
    }

    private static Agent agent(UUID orgId, Row row) {
        return new Agent(
                orgId,
                row.getUUID("credential_id"),
                row.getString("agent_type"),
                row.getString("description"),
                row.getLong("max_ttl_seconds"));
    }
}
