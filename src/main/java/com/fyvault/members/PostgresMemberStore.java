package com.fyvault.members;

import com.fyvault.crypto.RowSeal;
import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.PostgresRoles;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Members in PostgreSQL. */
public final class PostgresMemberStore implements MemberStore {
    private static final String SELECT = """
            select m.user_id, a.email, m.created_at, used.last_seen, used.keys, %s,
                   array(select tm.team_id from team_member tm
                          where tm.org_id = m.org_id and tm.user_id = m.user_id order by tm.team_id) as teams
              from membership m join account a on a.user_id = m.user_id
              cross join lateral (
                select max(c.last_used_at) as last_seen,
                       count(*) filter (where c.kind = any('{API_KEY,TEST_KEY,PUBLIC_KEY}')
                                          and coalesce(c.expires_at > clock_timestamp(), true)) as keys
                  from credential c
                 where c.org_id = m.org_id and c.owner_user_id = m.user_id and c.kind <> 'SESSION'
                   and c.revoked_at is null
              ) used
             where m.org_id = $1 and m.removed_at is null
            """.formatted(PostgresRoles.columns("m", ""));
    private static final String LIST = SELECT + " and ($2::uuid is null or m.user_id > $2) order by m.user_id limit $3";
    private static final String FIND = SELECT + " and m.user_id = $2";
    private static final String REMOVE =
            "update membership set removed_at = clock_timestamp() where org_id = $1 and user_id = $2";
    private static final String LEAVE_TEAMS = "delete from team_member where org_id = $1 and user_id = $2";

    private final Database database;
    private final RowSeal seals;

    public PostgresMemberStore(Database database, RowSeal seals) {
        this.database = database;
        this.seals = seals;
    }

    @Override
    public Future<List<Member>> list(UUID orgId, @Nullable UUID after, int limit) {
        return database.query(orgId, LIST, Tuple.of(orgId, after, limit)).map(rows -> {
            List<Member> members = new ArrayList<>(rows.size());
            rows.forEach(row -> members.add(member(orgId, row)));
            return members;
        });
    }

    @Override
    public Future<@Nullable Member> find(UUID orgId, UUID userId) {
        return database.query(orgId, FIND, Tuple.of(orgId, userId)).map(rows -> first(orgId, rows));
    }

    @Override
    public Future<@Nullable Member> find(Transaction transaction, UUID orgId, UUID userId) {
        return transaction.query(FIND, Tuple.of(orgId, userId)).map(rows -> first(orgId, rows));
    }

    @Override
    public Future<Void> remove(Transaction transaction, UUID orgId, UUID userId) {
        return transaction
                .query(LEAVE_TEAMS, Tuple.of(orgId, userId))
                .compose(left -> transaction.query(REMOVE, Tuple.of(orgId, userId)))
                .mapEmpty();
    }

    private @Nullable Member first(UUID orgId, RowSet<Row> rows) {
        return rows.size() == 0 ? null : member(orgId, rows.iterator().next());
    }

    private Member member(UUID orgId, Row row) {
        @Nullable OffsetDateTime seen = row.getOffsetDateTime("last_seen");
        return new Member(
                new PostgresRoles(seals, "").member(row, orgId, row.getUUID("user_id")),
                row.getString("email"),
                List.of(row.getArrayOfUUIDs("teams")),
                row.getOffsetDateTime("created_at").toInstant(),
                seen == null ? null : seen.toInstant(),
                row.getLong("keys"));
    }
}
