package com.fyvault.webhooks;

import com.fyvault.crypto.RowSeal;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.providers.ProviderHooks;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.util.UUID;

/** The webhooks of providers in PostgreSQL: rows beside those of the organizations, under the providers' ids. */
public final class PostgresProviderHooks implements ProviderHooks {
    // Behind everything that has ended, as any webhook; one that is there goes on where it is.
    private static final String PUT = """
            insert into webhook (org_id, webhook_id, provider_id, url, types, enabled, secret, created_by, seal,
                                 cursor_tx, cursor_id)
            select p.org_id, p.credential_id, p.credential_id, $3, '{}', true, p.webhook_secret, $4, $5,
                   (pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1)::text::xid8,
                   'ffffffff-ffff-ffff-ffff-ffffffffffff'
              from provider p where p.org_id = $1 and p.credential_id = $2
            on conflict (org_id, webhook_id) do update
               set url = excluded.url, seal = excluded.seal, enabled = true, failing_since = null, paused_at = null,
                   updated_at = clock_timestamp()
            """;
    private static final String REMOVE =
            "delete from webhook where org_id = $1 and webhook_id = $2 and provider_id = $2";

    private final RowSeal seals;

    public PostgresProviderHooks(RowSeal seals) {
        this.seals = seals;
    }

    @Override
    public Future<Void> put(Transaction transaction, UUID orgId, UUID providerId, Address address) {
        byte[] seal =
                Webhook.sealOfProviders(seals, orgId, providerId, address.url()).seal();
        Tuple values = Tuple.of(orgId, providerId, address.url(), address.by()).addBuffer(Buffer.buffer(seal));
        return transaction.query(PUT, values).mapEmpty();
    }

    @Override
    public Future<Void> remove(Transaction transaction, UUID orgId, UUID providerId) {
        return transaction.query(REMOVE, Tuple.of(orgId, providerId)).mapEmpty();
    }
}
