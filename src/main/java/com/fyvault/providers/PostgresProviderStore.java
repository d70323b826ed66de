package com.fyvault.providers;

import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Providers in PostgreSQL. */
public final class PostgresProviderStore implements ProviderStore {
    private static final String OWN = """
            credential_id, provider_type, description, secret_prefix,
            (select w.url from webhook w where w.org_id = provider.org_id and w.webhook_id = credential_id) as webhook_url
            """;
    private static final String ADD = """
            insert into provider (org_id, credential_id, provider_type, description, secret_prefix, webhook_secret)
            values ($1, $2, $3, $4, $5, $6)
            """;
    private static final String EDIT = """
            update provider
               set description = case when $3::text is null then description else nullif($3, '') end,
                   secret_prefix = case when $4::text is null then secret_prefix else nullif($4, '') end
             where org_id = $1 and credential_id = $2
            returning %s
            """.formatted(OWN);
    private static final String FIND = "select " + OWN + " from provider where org_id = $1 and credential_id = any($2)";
    private static final String FORMER = """
            select credential_id from credential
             where org_id = $1 and parent_id = $2 and kind = 'PROVIDER' and revoked_at is null
               and expires_at > clock_timestamp()
            """;

    private final Database database;

    public PostgresProviderStore(Database database) {
        this.database = database;
    }

    @Override
    public Future<Void> add(Transaction transaction, Provider provider, byte[] webhookSecret) {
        Tuple values = Tuple.of(provider.orgId(), provider.credentialId(), provider.type())
                .addString(provider.description())
                .addString(provider.secretPrefix())
                .addBuffer(Buffer.buffer(webhookSecret));
        return transaction.query(ADD, values).mapEmpty();
    }

    @Override
    public Future<Provider> edit(Transaction transaction, UUID orgId, UUID credentialId, Edit edit) {
        Tuple values =
                Tuple.of(orgId, credentialId).addString(edit.description()).addString(edit.secretPrefix());
        return transaction.query(EDIT, values).map(rows -> one(orgId, rows));
    }

    @Override
    public Future<Provider> find(Transaction transaction, UUID orgId, UUID credentialId) {
        Tuple named = Tuple.of(orgId).addArrayOfUUID(new UUID[] {credentialId});
        return transaction.query(FIND, named).map(rows -> one(orgId, rows));
    }

    @Override
    public Future<List<UUID>> former(Transaction transaction, UUID orgId, UUID credentialId) {
        return transaction.query(FORMER, Tuple.of(orgId, credentialId)).map(rows -> {
            List<UUID> ids = new ArrayList<>();
            rows.forEach(row -> ids.add(row.getUUID("credential_id")));
            return ids;
        });
    }

    @Override
    public Future<Map<UUID, Provider>> find(UUID orgId, Collection<UUID> credentialIds) {
        Tuple named = Tuple.of(orgId).addArrayOfUUID(credentialIds.toArray(UUID[]::new));
        return database.query(orgId, FIND, named).map(rows -> {
            Map<UUID, Provider> found = new HashMap<>();
            for (Row row : rows) {
                found.put(row.getUUID("credential_id"), provider(orgId, row));
            }
            return found;
        });
    }

    private static Provider one(UUID orgId, RowSet<Row> rows) {
        if (rows.size() == 0) {
            throw Refusal.of(ErrorCode.CREDENTIAL_NOT_FOUND);
        }
        return provider(orgId, rows.iterator().next());
    }

    private static Provider provider(UUID orgId, Row row) {
        return new Provider(
                orgId,
                row.getUUID("credential_id"),
                row.getString("provider_type"),
                row.getString("description"),
                row.getString("secret_prefix"),
                row.getString("webhook_url"));
    }
}
