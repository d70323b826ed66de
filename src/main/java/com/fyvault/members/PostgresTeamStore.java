package com.fyvault.members;

import com.fyvault.crypto.RowSeal;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.StoreFailure;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.PostgresRoles;
import com.fyvault.tokens.Team;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Teams in PostgreSQL. */
public final class PostgresTeamStore implements TeamStore {
    private static final String SELECT = """
            select t.team_id, t.name, %s,
                   (select count(*) from team_member tm where tm.org_id = t.org_id and tm.team_id = t.team_id) as members,
                   (select count(*) from credential c
                     where c.org_id = t.org_id and c.owner_team_id = t.team_id and c.kind <> 'SESSION'
                       and c.revoked_at is null and coalesce(c.expires_at > clock_timestamp(), true)) as keys
              from team t where t.org_id = $1 and t.deleted_at is null
            """.formatted(PostgresRoles.columns("t", ""));
    private static final String LIST = SELECT + " order by t.name_key limit " + MOST_TEAMS;
    private static final String FIND = SELECT + " and t.team_id = $2";
    private static final String HOLD = FIND + " for no key update of t";
    private static final String MEMBERS = """
            select tm.user_id, a.email from team_member tm join account a on a.user_id = tm.user_id
             where tm.org_id = $1 and tm.team_id = $2 order by a.email limit %d
            """.formatted(MOST_MEMBERS);
    private static final String ADD = """
            insert into team (org_id, team_id, name, name_key, role, assigned_only, project_ids, project_roles, seal,
                              changed_epoch)
            select $1, $2, $3, $4, $5, $6, $7, $8, $9, o.auth_epoch
              from org o
             where o.org_id = $1 and (select count(*) from team where org_id = $1 and deleted_at is null) < %d
            """.formatted(MOST_TEAMS);
    private static final String SET = """
            with raised as (update org set auth_epoch = auth_epoch + 1 where org_id = $1 returning auth_epoch)
            update team t
               set name = $3, name_key = $4, role = $5, assigned_only = $6, project_ids = $7, project_roles = $8,
                   seal = $9, changed_epoch = raised.auth_epoch
              from raised where t.org_id = $1 and t.team_id = $2 returning t.changed_epoch
            """;
    private static final String EMPTY = "delete from team_member where org_id = $1 and team_id = $2";
    private static final String REMOVE =
            "update team set deleted_at = clock_timestamp() where org_id = $1 and team_id = $2";
    private static final String ADD_MEMBER = """
            insert into team_member (org_id, team_id, user_id)
            select $1, $2, $3
             where (select count(*) from team_member where org_id = $1 and team_id = $2) < %d
                or exists (select from team_member where org_id = $1 and team_id = $2 and user_id = $3)
            on conflict (org_id, team_id, user_id) do update set added_at = team_member.added_at
            """.formatted(MOST_MEMBERS);
    private static final String DROP_MEMBER =
            "delete from team_member where org_id = $1 and team_id = $2 and user_id = $3";

    private final Database database;
    private final RowSeal seals;

    public PostgresTeamStore(Database database, RowSeal seals) {
        this.database = database;
        this.seals = seals;
    }

    @Override
    public Future<List<Named>> list(UUID orgId) {
        return database.query(orgId, LIST, Tuple.of(orgId)).map(rows -> {
            List<Named> teams = new ArrayList<>(rows.size());
            rows.forEach(row -> teams.add(named(orgId, row)));
            return teams;
        });
    }

    @Override
    public Future<@Nullable Named> find(UUID orgId, UUID teamId) {
        return database.query(orgId, FIND, Tuple.of(orgId, teamId)).map(rows -> first(orgId, rows));
    }

    @Override
    public Future<@Nullable Named> hold(Transaction transaction, UUID orgId, UUID teamId) {
        return transaction.query(HOLD, Tuple.of(orgId, teamId)).map(rows -> first(orgId, rows));
    }

    @Override
    public Future<List<In>> members(UUID orgId, UUID teamId) {
        return database.query(orgId, MEMBERS, Tuple.of(orgId, teamId)).map(rows -> {
            List<In> members = new ArrayList<>(rows.size());
            rows.forEach(row -> members.add(new In(row.getUUID("user_id"), row.getString("email"))));
            return members;
        });
    }

    @Override
    public Future<Void> add(Transaction transaction, Team team, String name) {
        return transaction
                .query(ADD, values(team, name))
                .recover(PostgresTeamStore::taken)
                .map(rows -> {
                    if (rows.rowCount() == 0) {
                        throw Refusal.of(
                                ErrorCode.LIMIT_REACHED, "An organization has at most " + MOST_TEAMS + " teams");
                    }
                    return null;
                });
    }

    @Override
    public Future<Long> set(Transaction transaction, Team team, String name) {
        return transaction
                .query(SET, values(team, name))
                .recover(PostgresTeamStore::taken)
                .map(rows -> rows.iterator().next().getLong("changed_epoch"));
    }

    @Override
    public Future<Void> remove(Transaction transaction, UUID orgId, UUID teamId) {
        return transaction
                .query(EMPTY, Tuple.of(orgId, teamId))
                .compose(left -> transaction.query(REMOVE, Tuple.of(orgId, teamId)))
                .mapEmpty();
    }

    @Override
    public Future<Void> addMember(Transaction transaction, UUID orgId, UUID teamId, UUID userId) {
        return transaction.query(ADD_MEMBER, Tuple.of(orgId, teamId, userId)).map(rows -> {
            if (rows.rowCount() == 0) {
                throw Refusal.of(ErrorCode.LIMIT_REACHED, "A team has at most " + MOST_MEMBERS + " members");
            }
            return null;
        });
    }

    @Override
    public Future<Boolean> dropMember(Transaction transaction, UUID orgId, UUID teamId, UUID userId) {
        return transaction.query(DROP_MEMBER, Tuple.of(orgId, teamId, userId)).map(rows -> rows.rowCount() == 1);
    }

    private Tuple values(Team team, String name) {
        return Tuple.tuple()
                .addUUID(team.orgId())
                .addUUID(team.teamId())
                .addString(name)
                .addString(name.toLowerCase(Locale.ROOT))
                .addString(team.role().text())
                .addBoolean(team.projects().assignedOnly())
                .addArrayOfUUID(team.projects().ids().toArray(UUID[]::new))
                .addArrayOfString(team.projects().texts().toArray(String[]::new))
                .addBuffer(Buffer.buffer(team.sealOf(seals).seal()));
    }

    private @Nullable Named first(UUID orgId, RowSet<Row> rows) {
        return rows.size() == 0 ? null : named(orgId, rows.iterator().next());
    }

    private Named named(UUID orgId, Row row) {
        return new Named(
                new PostgresRoles(seals, "").team(row, orgId, row.getUUID("team_id")),
                row.getString("name"),
                row.getLong("members"),
                row.getLong("keys"));
    }

    private static <T> Future<T> taken(Throwable failure) {
        boolean taken = StoreFailure.violates(failure, "team_name");
        return Future.failedFuture(taken ? Refusal.of(ErrorCode.NAME_TAKEN, "A team of that name exists") : failure);
    }
}
