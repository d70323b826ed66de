package com.fyvault.breakglass;

import com.fyvault.crypto.RowSeal;
import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Membership;
import com.fyvault.tokens.PostgresRoles;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Break-glass tokens in PostgreSQL. A role is believed only under its seal. */
public final class PostgresBreakGlassStore implements BreakGlassStore {
    private static final String ADMINISTRATORS = """
            select m.user_id, %s, a.email
              from membership m join account a on a.user_id = m.user_id
             where m.org_id = $1 and m.role in ('owner', 'admin')
             order by m.created_at limit %d
            """.formatted(PostgresRoles.columns("m", ""), MOST_ADMINISTRATORS);
    private static final String OPEN = """
            select count(*) as open, clock_timestamp() as now from credential
             where org_id = $1 and kind = 'BREAK_GLASS' and revoked_at is null and expires_at > clock_timestamp()
            """;
    private static final String ADD =
            "insert into break_glass (org_id, credential_id, user_id, reason) values ($1, $2, $3, $4)";
    private static final String FIND = """
            select b.credential_id, b.user_id, b.reason, a.email
              from break_glass b join account a on a.user_id = b.user_id
             where b.org_id = $1 and b.credential_id = any($2)
            """;

    private final Database database;
    private final RowSeal seals;

    public PostgresBreakGlassStore(Database database, RowSeal seals) {
        this.database = database;
        this.seals = seals;
    }

    @Override
    public Future<Scene> scene(Transaction transaction, UUID orgId) {
        return transaction.query(ADMINISTRATORS, Tuple.of(orgId)).compose(rows -> {
            List<Administrator> administrators = new ArrayList<>();
            for (Row row : rows) {
                administrators.add(verified(orgId, row));
            }
            return transaction.query(OPEN, Tuple.of(orgId)).map(counted -> {
                Row row = counted.iterator().next();
                return new Scene(
                        administrators,
                        row.getLong("open"),
                        row.getOffsetDateTime("now").toInstant());
            });
        });
    }

    @Override
    public Future<Void> add(Transaction transaction, BreakGlass opened) {
        return transaction
                .query(ADD, Tuple.of(opened.orgId(), opened.credentialId(), opened.userId(), opened.reason()))
                .mapEmpty();
    }

    @Override
    public Future<Map<UUID, BreakGlass>> find(UUID orgId, Collection<UUID> credentialIds) {
        Tuple named = Tuple.of(orgId).addArrayOfUUID(credentialIds.toArray(UUID[]::new));
        return database.query(orgId, FIND, named).map(rows -> {
            Map<UUID, BreakGlass> found = new HashMap<>();
            for (Row row : rows) {
                UUID id = row.getUUID("credential_id");
                found.put(
                        id,
                        new BreakGlass(
                                orgId, id, row.getUUID("user_id"), row.getString("email"), row.getString("reason")));
            }
            return found;
        });
    }

    private Administrator verified(UUID orgId, Row row) {
        UUID userId = row.getUUID("user_id");
        Membership genuine = new PostgresRoles(seals, "").member(row, orgId, userId);
        return new Administrator(genuine.userId(), row.getString("email"));
    }
}
