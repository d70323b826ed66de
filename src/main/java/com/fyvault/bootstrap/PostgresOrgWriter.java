package com.fyvault.bootstrap;

import com.fyvault.crypto.RowSeal;
import com.fyvault.crypto.Uuid7;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.projects.ProjectStore;
import com.fyvault.tokens.Membership;
import com.fyvault.tokens.PostgresRoles;
import com.fyvault.tokens.Role;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Organizations in PostgreSQL, as the bootstrap makes them. */
public final class PostgresOrgWriter implements OrgWriter {
    private static final String ADD = "insert into org (org_id, name, slug) values ($1, $2, $3)";
    private static final String ADD_ACCOUNT = """
            insert into account (user_id, email) values ($1, $2)
            on conflict (email) do update set email = excluded.email returning user_id
            """;
    private static final String ADD_MEMBER =
            "insert into membership (org_id, user_id, role, seal) values ($1, $2, 'owner', $3)";
    private static final String FIRST_TAKES_TURNS = "select pg_advisory_xact_lock(7305813)";
    // The one query that is of no organization: it is asked to find out whether there is any.
    private static final String FIRST =
            "select org_id from org where deleted_at is null order by created_at, org_id limit 1";
    private static final String FIND_OWNER = """
            select m.user_id, %s from membership m join org o on o.org_id = m.org_id
             where m.org_id = $1 and m.role = 'owner' and o.deleted_at is null
             order by m.created_at limit 1
            """.formatted(PostgresRoles.columns("m", ""));

    private final Uuid7 ids;
    private final RowSeal seals;
    private final ProjectStore projects;

    public PostgresOrgWriter(Uuid7 ids, RowSeal seals, ProjectStore projects) {
        this.ids = ids;
        this.seals = seals;
        this.projects = projects;
    }

    @Override
    public Future<String> add(Transaction transaction, UUID orgId, String name) {
        String id = orgId.toString();
        String words = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        String slug = words + "-" + id.substring(id.length() - 6);
        return transaction.query(ADD, Tuple.of(orgId, name, slug)).map(slug);
    }

    @Override
    public Future<UUID> addOwner(Transaction transaction, UUID orgId, String email) {
        return transaction
                .query(ADD_ACCOUNT, Tuple.of(ids.next(), email.toLowerCase(Locale.ROOT)))
                .map(rows -> rows.iterator().next().getUUID("user_id"))
                .compose(userId -> transaction
                        .query(
                                ADD_MEMBER,
                                Tuple.of(
                                        orgId,
                                        userId,
                                        Buffer.buffer(owner(orgId, userId)
                                                .sealOf(seals)
                                                .seal())))
                        .map(userId));
    }

    @Override
    public Future<UUID> addDefaultProject(Transaction transaction, UUID orgId) {
        ProjectStore.Draft draft = new ProjectStore.Draft(orgId, ids.next(), "default", null);
        return projects.addDefault(transaction, draft).map(draft.id());
    }

    @Override
    public Future<@Nullable UUID> findFirst(Transaction transaction) {
        return transaction
                .query(FIRST_TAKES_TURNS, Tuple.tuple())
                .compose(held -> transaction.query(FIRST, Tuple.tuple()))
                .map(rows -> rows.size() == 0 ? null : rows.iterator().next().getUUID("org_id"));
    }

    @Override
    public Future<@Nullable UUID> findOwner(Transaction transaction, UUID orgId) {
        return transaction.query(FIND_OWNER, Tuple.of(orgId)).map(rows -> {
            if (rows.size() == 0) {
                return null;
            }
            Row row = rows.iterator().next();
            return new PostgresRoles(seals, "")
                    .member(row, orgId, row.getUUID("user_id"))
                    .userId();
        });
    }

    private static Membership owner(UUID orgId, UUID userId) {
        return new Membership(orgId, userId, Role.OWNER);
    }
}
