package com.fyvault.credentials;

import com.fyvault.crypto.RowSeal;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Membership;
import com.fyvault.tokens.PostgresRoles;
import com.fyvault.tokens.ProjectRoles;
import com.fyvault.tokens.Reach;
import com.fyvault.tokens.Role;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Roles in PostgreSQL: that of the organization, and those of the projects that the member's row names. */
public final class PostgresVaultRoles implements VaultRoles {
    private static final String ROLE = "select %s from membership m where m.org_id = $1 and m.user_id = $2"
            .formatted(PostgresRoles.columns("m", ""));
    private static final String PLACES = """
            select distinct project_id from environment where org_id = $1 and environment_id = any($2)
            """;

    private final RowSeal seals;

    public PostgresVaultRoles(RowSeal seals) {
        this.seals = seals;
    }

    @Override
    public Future<Boolean> develops(Transaction transaction, UUID orgId, UUID userId, Reach reach) {
        return seen(transaction, orgId, reach)
                .compose(seen -> transaction
                        .query(ROLE, Tuple.of(orgId, userId))
                        .map(rows -> {
                            for (Row row : rows) {
                                return develops(new PostgresRoles(seals, "").member(row, orgId, userId), seen);
                            }
                            return false;
                        }));
    }

    /** The projects that the key names, by themselves or by their environments; none for all. */
    private static Future<List<UUID>> seen(Transaction transaction, UUID orgId, Reach reach) {
        if (!reach.projectIds().isEmpty() || reach.environmentIds().isEmpty()) {
            return Future.succeededFuture(reach.projectIds());
        }
        UUID[] environments = reach.environmentIds().toArray(UUID[]::new);
        return transaction
                .query(PLACES, Tuple.of(orgId).addArrayOfUUID(environments))
                .map(rows -> {
                    List<UUID> projects = new ArrayList<>();
                    rows.forEach(row -> projects.add(row.getUUID("project_id")));
                    return projects;
                });
    }

    private static boolean develops(Membership member, List<UUID> seen) {
        Role role = member.role();
        ProjectRoles where = member.projects();
        if (role.administers()) {
            return true;
        }
        return seen.isEmpty()
                ? isDeveloper(role)
                        && !where.assignedOnly()
                        && where.named().values().stream().allMatch(r -> isDeveloper(r))
                : seen.stream().allMatch(id -> isDeveloper(where.inProject(id, role)));
    }

    private static boolean isDeveloper(Role role) {
        return role.compareTo(Role.DEVELOPER) <= 0;
    }
}
