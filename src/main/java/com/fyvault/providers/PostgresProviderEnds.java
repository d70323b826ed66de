package com.fyvault.providers;

import com.fyvault.audit.AuditAction;
import com.fyvault.audit.AuditLog;
import com.fyvault.audit.AuditRecord;
import com.fyvault.crypto.Uuid7;
import com.fyvault.platform.postgres.Database;
import com.fyvault.purge.PurgeRound;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.UUID;

/** Tells once of each provider's token that it ends within a week. May run on every node at once: one of them marks it. */
public final class PostgresProviderEnds implements PurgeRound {
    private static final int MOST = 200;
    private static final String NEAR = """
            select c.org_id, c.credential_id
              from credential c
              join provider p on p.org_id = c.org_id and p.credential_id = c.credential_id
             where c.kind = 'PROVIDER' and c.revoked_at is null and c.expires_at > (select clock_timestamp())
               and c.expires_at < (select clock_timestamp()) + interval '7 days' and p.end_told is distinct from c.expires_at
             order by c.expires_at limit $1
            """;
    private static final String MARK = """
            update provider p set end_told = c.expires_at
              from credential c
             where p.org_id = $1 and p.credential_id = $2 and c.org_id = $1 and c.credential_id = $2
               and c.revoked_at is null and p.end_told is distinct from c.expires_at
            returning c.expires_at
            """;

    private final Database database;
    private final AuditLog audit;
    private final Uuid7 ids;

    public PostgresProviderEnds(Database database, AuditLog audit, Uuid7 ids) {
        this.database = database;
        this.audit = audit;
        this.ids = ids;
    }

    @Override
    public Future<Integer> purge() {
        return database.everywhere().query(NEAR, Tuple.of(MOST)).compose(rows -> {
            Future<Integer> told = Future.succeededFuture(0);
            for (Row row : rows) {
                told = told.compose(before -> tell(row.getUUID("org_id"), row.getUUID("credential_id"))
                        .map(one -> before + one));
            }
            return told;
        });
    }

    private Future<Integer> tell(UUID orgId, UUID providerId) {
        return database.inTransaction(
                orgId,
                transaction -> transaction
                        .query(MARK, Tuple.of(orgId, providerId))
                        .compose(rows -> {
                            if (rows.size() == 0) {
                                return Future.succeededFuture(0);
                            }
                            AuditRecord record = new AuditRecord(ids.next(), AuditAction.PROVIDER_EXPIRING)
                                    .bySystem(orgId)
                                    .detail("token_id", providerId.toString())
                                    .detail(
                                            "expires_at",
                                            rows.iterator()
                                                    .next()
                                                    .getOffsetDateTime("expires_at")
                                                    .toInstant()
                                                    .toString());
                            return audit.append(transaction, record).map(1);
                        }));
    }
}
