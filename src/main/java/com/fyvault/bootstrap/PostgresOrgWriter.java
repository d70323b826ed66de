package com.fyvault.bootstrap;

import com.fyvault.crypto.RowSeal;
import com.fyvault.crypto.Uuid7;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.projects.ProjectStore;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.util.Locale;
import java.util.UUID;

/** Organizations in PostgreSQL, as the bootstrap makes them. */
public final class PostgresOrgWriter implements OrgWriter {
    private static final String ADD = "insert into org (org_id, name, slug) values ($1, $2, $3)";
    private static final String ADD_ACCOUNT = """
            insert into account (user_id, email) values ($1, $2)
            on conflict (email) do update set email = excluded.email returning user_id
            """;
    private static final String ADD_MEMBER =
            "insert into membership (org_id, user_id, role, seal) values ($1, $2, 'owner', $3)";
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
                        .query(ADD_MEMBER, Tuple.of(orgId, userId, Buffer.buffer(sealOf(orgId, userId, "owner"))))
                        .map(userId));
    }

    @Override
    public Future<UUID> addDefaultProject(Transaction transaction, UUID orgId) {
        ProjectStore.Draft draft = new ProjectStore.Draft(orgId, ids.next(), "default", null);
        return projects.addDefault(transaction, draft).map(draft.id());
    }

    private byte[] sealOf(UUID orgId, UUID userId, String role) {
        return seals.fields("membership.1").add(orgId).add(userId).add(role).seal();
    }
}
