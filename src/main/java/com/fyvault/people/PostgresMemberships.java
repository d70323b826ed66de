package com.fyvault.people;

import com.fyvault.crypto.RowSeal;
import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Everywhere;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Membership;
import com.fyvault.tokens.PostgresRoles;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Memberships of one person in PostgreSQL. The person is the key here: which organizations they are of is the
 * question.
 */
public final class PostgresMemberships implements Memberships {
    private static final String OF = """
            select o.org_id, o.name, o.slug, %s from membership m join org o on o.org_id = m.org_id
             where m.user_id = $1 and m.role <> 'none' and o.deleted_at is null
             order by o.created_at, o.org_id limit %d
            """.formatted(PostgresRoles.columns("m", ""), MOST_LISTED);
    private static final String OWNED = """
            select count(*)::int as owned from membership m join org o on o.org_id = m.org_id
             where m.user_id = $1 and m.role = 'owner' and o.deleted_at is null
            """;

    private static final String POLICIES = """
            select o.org_id, o.policy_key_days, o.policy_second_factor, o.policy_cidrs, o.policy_seal from org o
             where o.deleted_at is null
               and o.org_id in (select m.org_id from membership m where m.user_id = $1 and m.removed_at is null)
             order by o.org_id for share of o
            """;

    private final Everywhere everywhere;
    private final RowSeal seals;

    public PostgresMemberships(Database database, RowSeal seals) {
        this.everywhere = database.everywhere();
        this.seals = seals;
    }

    @Override
    public Future<List<Belonging>> of(UUID userId) {
        return everywhere.query(OF, Tuple.of(userId)).map(rows -> {
            List<Belonging> all = new ArrayList<>(rows.size());
            for (Row row : rows) {
                Membership member = new PostgresRoles(seals, "").member(row, row.getUUID("org_id"), userId);
                all.add(new Belonging(member.orgId(), row.getString("name"), row.getString("slug"), member.role()));
            }
            return all;
        });
    }

    @Override
    public Future<Boolean> anyAsksForSecondFactor(Transaction transaction, UUID userId) {
        return everywhere.query(transaction, POLICIES, Tuple.of(userId)).map(rows -> {
            boolean any = false;
            for (Row row : rows) {
                any |= PostgresRoles.policy(row, seals, row.getUUID("org_id")).secondFactor();
            }
            return any;
        });
    }

    @Override
    public Future<Integer> countOwned(Transaction transaction, UUID userId) {
        return everywhere
                .query(transaction, OWNED, Tuple.of(userId))
                .map(rows -> rows.iterator().next().getInteger("owned"));
    }
}
