package com.fyvault.purge;

import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Everywhere;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Old session tokens in PostgreSQL, and what was made with them and ended with them. Looking for them goes over all organizations, removing them over one. */
public final class PostgresSessionPurgeStore implements SessionPurgeStore {
    // A person's login goes after the session tokens that were minted with it, so that these take along what is theirs.
    // Those are asked for login by login: of a not exists, all credentials would be read at once.
    private static final String OLD = """
            kind in ('SESSION', 'LOGIN')
               and (kind = 'SESSION' or (select true from credential d
                                          where d.org_id = c.org_id and d.parent_id = c.credential_id limit 1) is null)
            """;
    private static final String DUE = """
            select org_id from credential c
             where %s and expires_at < (select clock_timestamp()) - make_interval(secs => $1)
             order by expires_at limit 1
            """.formatted(OLD);
    private static final String REMOVE = """
            with old as (
                select credential_id from credential c
                 where org_id = $1 and %s
                   and expires_at < (select clock_timestamp()) - make_interval(secs => $2)
                 order by expires_at limit $3 for update skip locked
            ), made_by_them as (
                delete from credential c using old where c.org_id = $1 and c.parent_id = old.credential_id
            )
            delete from credential c using old where c.org_id = $1 and c.credential_id = old.credential_id
            """.formatted(OLD);

    private final Everywhere everywhere;

    public PostgresSessionPurgeStore(Database database) {
        this.everywhere = database.everywhere();
    }

    @Override
    public Future<@Nullable UUID> due(Duration expired) {
        return everywhere
                .query(DUE, Tuple.of(seconds(expired)))
                .map(rows -> rows.size() == 0 ? null : rows.iterator().next().getUUID("org_id"));
    }

    @Override
    public Future<Integer> remove(Transaction transaction, UUID orgId, Duration expired, int most) {
        return transaction
                .query(REMOVE, Tuple.of(orgId, seconds(expired), most))
                .map(rows -> rows.rowCount());
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1_000.0;
    }
}
