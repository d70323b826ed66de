package com.fyvault.people;

import com.fyvault.crypto.RowSeal;
import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Membership;
import com.fyvault.tokens.Role;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Memberships of one person in PostgreSQL. The person is the key here: which organizations they are of is the
 * question.
 */
public final class PostgresMemberships implements Memberships {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresMemberships.class);
    private static final String OF = """
            select o.org_id, o.name, o.slug, m.role, m.seal from membership m join org o on o.org_id = m.org_id
             where m.user_id = $1 and m.role <> 'none' and o.deleted_at is null
             order by o.created_at, o.org_id limit %d
            """.formatted(MOST_LISTED);
    private static final String OWNED = """
            select count(*)::int as owned from membership m join org o on o.org_id = m.org_id
             where m.user_id = $1 and m.role = 'owner' and o.deleted_at is null
            """;

    private final Database database;
    private final RowSeal seals;

    public PostgresMemberships(Database database, RowSeal seals) {
        this.database = database;
        this.seals = seals;
    }

    @Override
    public Future<List<Belonging>> of(UUID userId) {
        return database.query(OF, Tuple.of(userId)).map(rows -> {
            List<Belonging> all = new ArrayList<>(rows.size());
            for (Row row : rows) {
                Membership member = new Membership(row.getUUID("org_id"), userId, Role.of(row.getString("role")));
                if (member.sealOf(seals).verify(row.getBuffer("seal").getBytes())) {
                    all.add(new Belonging(member.orgId(), row.getString("name"), row.getString("slug"), member.role()));
                } else {
                    LOG.atError()
                            .addKeyValue("orgId", member.orgId())
                            .log("alarm: membership row does not fit its seal");
                }
            }
            return all;
        });
    }

    @Override
    public Future<Integer> countOwned(Transaction transaction, UUID userId) {
        return transaction
                .query(OWNED, Tuple.of(userId))
                .map(rows -> rows.iterator().next().getInteger("owned"));
    }
}
