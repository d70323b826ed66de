package com.fyvault.uses;

import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Everywhere;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Last uses in PostgreSQL, in the rows of what was used. No seal covers the column, no version or epoch counts it and no
 * index holds it, so writing it is nobody's news.
 */
public final class PostgresUseStore implements UseStore {
    // Rows that are held are skipped, not waited for: a revocation may wait for these rows, so they must not wait for
    // it. The time is compared again where the row is written, since another node may have written a later one.
    private static final String WRITE = """
            with asked as materialized (
                select u.n, t.org_id, t.%2$s as id, timestamptz 'epoch' + u.micros * interval '1 microsecond' as at
                  from unnest($1::uuid[], $2::uuid[], $3::bigint[]) with ordinality as u(org_id, id, micros, n)
                  join %1$s t on t.org_id = u.org_id and t.%2$s = u.id
                 where t.last_used_at is null
                    or t.last_used_at < timestamptz 'epoch' + u.micros * interval '1 microsecond'
            ), free as materialized (
                select t.org_id, t.%2$s as id
                  from %1$s t join asked a on a.org_id = t.org_id and a.id = t.%2$s
                   for no key update of t skip locked
            ), written as (
                update %1$s t set last_used_at = a.at
                  from asked a join free f on f.org_id = a.org_id and f.id = a.id
                 where t.org_id = a.org_id and t.%2$s = a.id
                   and (t.last_used_at is null or t.last_used_at < a.at)
                returning a.n
            )
            select n::int from asked where n not in (select n from written)
            """;
    private static final String CREDENTIALS = WRITE.formatted("credential", "credential_id");
    private static final String SECRETS = WRITE.formatted("secret", "secret_id");

    private final Everywhere everywhere;

    public PostgresUseStore(Database database) {
        this.everywhere = database.everywhere();
    }

    @Override
    public Future<List<Use>> write(Use.Kind kind, List<Use> uses) {
        UUID[] orgs = new UUID[uses.size()];
        UUID[] ids = new UUID[uses.size()];
        Long[] times = new Long[uses.size()];
        for (int i = 0; i < ids.length; i++) {
            orgs[i] = uses.get(i).subject().orgId();
            ids[i] = uses.get(i).subject().id();
            times[i] = uses.get(i).atMicros();
        }
        Tuple values = Tuple.tuple().addArrayOfUUID(orgs).addArrayOfUUID(ids).addArrayOfLong(times);
        return everywhere
                .query(kind == Use.Kind.SECRET ? SECRETS : CREDENTIALS, values)
                .map(rows -> {
                    List<Use> held = new ArrayList<>();
                    rows.forEach(row -> held.add(uses.get(row.getInteger("n") - 1)));
                    return held;
                });
    }
}
