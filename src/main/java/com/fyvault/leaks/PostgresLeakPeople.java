package com.fyvault.leaks;

import com.fyvault.crypto.RowSeal;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.PostgresRoles;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Who is told of a leak, in PostgreSQL. A role is believed only under its seal. */
final class PostgresLeakPeople {
    private static final int MOST_ADMINISTRATORS = 100;
    private static final String TEAMS = """
            select u.team_id, p.* from unnest($2::uuid[]) as u(team_id) cross join lateral (
                select m.user_id, %s, a.email
                  from team_member t
                  join membership m on m.org_id = t.org_id and m.user_id = t.user_id and m.removed_at is null
                  join account a on a.user_id = m.user_id
                 where t.org_id = $1 and t.team_id = u.team_id and m.role in ('owner', 'admin', 'developer')
                 order by m.created_at, m.user_id limit %d
              ) p
            """.formatted(PostgresRoles.columns("m", ""), LeakStore.MOST_OF_TEAM);
    private static final String PEOPLE = """
            select m.user_id, %s, a.email, m.role in ('owner', 'admin') as administers
              from membership m join account a on a.user_id = m.user_id
             where m.org_id = $1 and m.removed_at is null and (m.role in ('owner', 'admin') or m.user_id = any($2))
             order by m.created_at
            """.formatted(PostgresRoles.columns("m", ""));

    private final RowSeal seals;

    PostgresLeakPeople(RowSeal seals) {
        this.seals = seals;
    }

    Future<LeakStore.People> find(Transaction transaction, UUID orgId, LeakStore.Owners owners) {
        return teams(transaction, orgId, owners.teams())
                .compose(teams -> people(transaction, orgId, owners.users(), teams));
    }

    private Future<Map<UUID, List<String>>> teams(Transaction transaction, UUID orgId, Set<UUID> asked) {
        Map<UUID, List<String>> teams = new HashMap<>();
        if (asked.isEmpty()) {
            return Future.succeededFuture(teams);
        }
        Tuple named = Tuple.of(orgId).addArrayOfUUID(asked.toArray(UUID[]::new));
        return transaction.query(TEAMS, named).map(rows -> {
            for (Row row : rows) {
                var _ = new PostgresRoles(seals, "").member(row, orgId, row.getUUID("user_id"));
                teams.computeIfAbsent(row.getUUID("team_id"), none -> new ArrayList<>())
                        .add(row.getString("email"));
            }
            return teams;
        });
    }

    private Future<LeakStore.People> people(
            Transaction transaction, UUID orgId, Set<UUID> owners, Map<UUID, List<String>> teams) {
        Tuple asked = Tuple.of(orgId).addArrayOfUUID(owners.toArray(UUID[]::new));
        return transaction.query(PEOPLE, asked).map(rows -> {
            List<String> administrators = new ArrayList<>();
            Map<UUID, String> addresses = new HashMap<>();
            for (Row row : rows) {
                UUID userId = row.getUUID("user_id");
                var _ = new PostgresRoles(seals, "").member(row, orgId, userId);
                if (row.getBoolean("administers") && administrators.size() < MOST_ADMINISTRATORS) {
                    administrators.add(row.getString("email"));
                }
                if (owners.contains(userId)) {
                    addresses.put(userId, row.getString("email"));
                }
            }
            return new LeakStore.People(administrators, addresses, teams);
        });
    }
}
