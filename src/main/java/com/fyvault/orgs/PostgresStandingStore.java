package com.fyvault.orgs;

import com.fyvault.crypto.RowSeal;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Membership;
import com.fyvault.tokens.PostgresRoles;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Locks and roles in PostgreSQL. */
public final class PostgresStandingStore implements StandingStore {
    private static final String SET_LOCKED = """
            update org set locked_at = case when $2 then coalesce(locked_at, clock_timestamp()) end,
                           auth_epoch = auth_epoch + 1, changed_epoch = auth_epoch + 1
             where org_id = $1 and deleted_at is null returning auth_epoch
            """;
    private static final String FIND = """
            select m.user_id, %s
              from org o join membership m on m.org_id = o.org_id join account a on a.user_id = m.user_id
             where o.org_id = $1 and %s and o.deleted_at is null and m.removed_at is null
               for no key update of o, m
            """;
    private static final String FIND_BY_EMAIL = FIND.formatted(PostgresRoles.columns("m", ""), "a.email = $2");
    private static final String FIND_BY_ID = FIND.formatted(PostgresRoles.columns("m", ""), "m.user_id = $2");
    private static final String OTHER_OWNERS =
            "select count(*) as others from membership where org_id = $1 and user_id <> $2 and role = 'owner'";
    private static final String SET = """
            with raised as (update org set auth_epoch = auth_epoch + 1 where org_id = $1 returning auth_epoch)
            update membership m
               set role = $3, assigned_only = $4, project_ids = $5, project_roles = $6, seal = $7,
                   changed_epoch = raised.auth_epoch
              from raised where m.org_id = $1 and m.user_id = $2 returning m.changed_epoch
            """;

    private final RowSeal seals;

    public PostgresStandingStore(RowSeal seals) {
        this.seals = seals;
    }

    @Override
    public Future<@Nullable Long> setLocked(Transaction transaction, UUID orgId, boolean locked) {
        return transaction
                .query(SET_LOCKED, Tuple.of(orgId, locked))
                .map(rows -> rows.size() == 0 ? null : rows.iterator().next().getLong("auth_epoch"));
    }

    @Override
    public Future<@Nullable Membership> find(Transaction transaction, UUID orgId, String email) {
        return transaction
                .query(FIND_BY_EMAIL, Tuple.of(orgId, email.toLowerCase(Locale.ROOT)))
                .map(rows -> first(orgId, rows));
    }

    @Override
    public Future<@Nullable Membership> find(Transaction transaction, UUID orgId, UUID userId) {
        return transaction.query(FIND_BY_ID, Tuple.of(orgId, userId)).map(rows -> first(orgId, rows));
    }

    @Override
    public Future<Long> otherOwners(Transaction transaction, Membership member) {
        return transaction
                .query(OTHER_OWNERS, Tuple.of(member.orgId(), member.userId()))
                .map(rows -> rows.iterator().next().getLong("others"));
    }

    @Override
    public Future<Long> set(Transaction transaction, Membership changed) {
        Tuple values = Tuple.tuple()
                .addUUID(changed.orgId())
                .addUUID(changed.userId())
                .addString(changed.role().text())
                .addBoolean(changed.projects().assignedOnly())
                .addArrayOfUUID(changed.projects().ids().toArray(UUID[]::new))
                .addArrayOfString(changed.projects().texts().toArray(String[]::new))
                .addBuffer(Buffer.buffer(changed.sealOf(seals).seal()));
        return transaction.query(SET, values).map(rows -> rows.iterator().next().getLong("changed_epoch"));
    }

    private @Nullable Membership first(UUID orgId, RowSet<Row> rows) {
        if (rows.size() == 0) {
            return null;
        }
        Row row = rows.iterator().next();
        return new PostgresRoles(seals, "").member(row, orgId, row.getUUID("user_id"));
    }
}
