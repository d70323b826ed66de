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
    // A webhook that is being changed waits for the next turn. The secret before has no fingerprint when it was rolled
    // before it got one, or before there were any.
    private static final String WEBHOOKS = """
            select webhook_id as id, secret,
                   case when earlier_print is null and earlier_until > clock_timestamp() then earlier_secret end as earlier_secret
              from webhook where org_id = $1 and print is null
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
    private static final String PRINT_EARLIER = """
            update webhook w set earlier_print = u.print from unnest($2::uuid[], $3::bytea[]) as u(id, print)
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

    /** Where a secret stands, and the statement that puts its fingerprint beside it. */
    enum Place {
        WEBHOOK("secret", PRINT_WEBHOOKS),
        EARLIER_OF_WEBHOOK("earlier_secret", PRINT_EARLIER),
        PROVIDER("secret", PRINT_PROVIDERS);

        private final String column;
        private final String statement;

        Place(String column, String statement) {
            this.column = column;
            this.statement = statement;
        }
    }

    /**
     * A secret in its envelope.
     *
     * @param ownerId the webhook, or the provider
     */
    record Sealed(UUID ownerId, Place place, byte[] envelope) {}

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
                    add(taken, rows, Place.WEBHOOK);
                    add(taken, rows, Place.EARLIER_OF_WEBHOOK);
                    return transaction.query(PROVIDERS, Tuple.of(orgId, most));
                })
                .map(rows -> {
                    add(taken, rows, Place.PROVIDER);
                    return taken;
                });
    }

    Future<Void> done(Transaction transaction, UUID orgId, List<Print> prints) {
        Future<Void> all = Future.succeededFuture();
        for (Place place : Place.values()) {
            List<Print> those =
                    prints.stream().filter(one -> one.of().place() == place).toList();
            if (!those.isEmpty()) {
                all = all.compose(before -> transaction
                        .query(place.statement, written(orgId, those))
                        .mapEmpty());
            }
        }
        return all;
    }

    private static void add(List<Sealed> taken, RowSet<Row> rows, Place place) {
        for (Row row : rows) {
            @Nullable Buffer envelope = row.getBuffer(place.column);
            if (envelope != null) {
                taken.add(new Sealed(row.getUUID("id"), place, envelope.getBytes()));
            }
        }
    }

    private static Tuple written(UUID orgId, List<Print> those) {
        return Tuple.of(orgId)
                .addArrayOfUUID(those.stream().map(one -> one.of().ownerId()).toArray(UUID[]::new))
                .addArrayOfBuffer(
                        those.stream().map(one -> Buffer.buffer(one.bytes())).toArray(Buffer[]::new));
    }
}
