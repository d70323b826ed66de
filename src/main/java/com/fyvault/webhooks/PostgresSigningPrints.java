package com.fyvault.webhooks;

import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Everywhere;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Signing secrets without a fingerprint in PostgreSQL, which an index finds. Which organization has some is asked of all. */
public final class PostgresSigningPrints {
    private static final String DUE = """
            select min(org_id::text)::uuid as org_id from (
                (select org_id from webhook where print is null and org_id > $1 order by org_id limit 1)
                union all
                (select org_id from provider where webhook_print is null and org_id > $1 order by org_id limit 1)) due
            """;
    // A webhook that is being changed waits for the next turn.
    private static final String WEBHOOKS = """
            select webhook_id as id, secret from webhook where org_id = $1 and print is null
             order by webhook_id limit $2 for no key update skip locked
            """;
    private static final String PROVIDERS = """
            select credential_id as id, webhook_secret as secret from provider where org_id = $1 and webhook_print is null
             order by credential_id limit $2 for no key update skip locked
            """;
    private static final String PRINT_WEBHOOKS = """
            update webhook w set print = u.print from unnest($2::uuid[], $3::bytea[]) as u(id, print)
             where w.org_id = $1 and w.webhook_id = u.id
            """;
    private static final String PRINT_PROVIDERS = """
            update provider p set webhook_print = u.print from unnest($2::uuid[], $3::bytea[]) as u(id, print)
             where p.org_id = $1 and p.credential_id = u.id
            """;

    private final Everywhere everywhere;

    public PostgresSigningPrints(Database database) {
        this.everywhere = database.everywhere();
    }

    /**
     * A secret in its envelope.
     *
     * @param ownerId the webhook, or the provider
     */
    record Sealed(UUID ownerId, boolean ofProvider, byte[] envelope) {}

    /** A secret's fingerprint. */
    record Print(Sealed of, byte[] bytes) {}

    /** The first organization behind this one with something to do; null for none. */
    Future<@Nullable UUID> due(UUID after) {
        return everywhere
                .query(DUE, Tuple.of(after))
                .map(rows -> rows.iterator().next().getUUID("org_id"));
    }

    Future<List<Sealed>> take(Transaction transaction, UUID orgId, int most) {
        List<Sealed> taken = new ArrayList<>();
        return transaction
                .query(WEBHOOKS, Tuple.of(orgId, most))
                .compose(rows -> {
                    add(taken, rows, false);
                    return transaction.query(PROVIDERS, Tuple.of(orgId, most));
                })
                .map(rows -> {
                    add(taken, rows, true);
                    return taken;
                });
    }

    Future<Void> done(Transaction transaction, UUID orgId, List<Print> prints) {
        return transaction
                .query(PRINT_WEBHOOKS, written(orgId, prints, false))
                .compose(done -> transaction.query(PRINT_PROVIDERS, written(orgId, prints, true)))
                .mapEmpty();
    }

    private static void add(List<Sealed> taken, RowSet<Row> rows, boolean ofProvider) {
        rows.forEach(row -> taken.add(new Sealed(
                row.getUUID("id"), ofProvider, row.getBuffer("secret").getBytes())));
    }

    private static Tuple written(UUID orgId, List<Print> prints, boolean ofProviders) {
        List<Print> those = prints.stream()
                .filter(one -> one.of().ofProvider() == ofProviders)
                .toList();
        return Tuple.of(orgId)
                .addArrayOfUUID(those.stream().map(one -> one.of().ownerId()).toArray(UUID[]::new))
                .addArrayOfBuffer(
                        those.stream().map(one -> Buffer.buffer(one.bytes())).toArray(Buffer[]::new));
    }
}
