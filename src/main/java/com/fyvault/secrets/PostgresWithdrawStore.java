package com.fyvault.secrets;

import com.fyvault.crypto.RowSeal;
import com.fyvault.environments.Names;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Revoking what a provider has pushed, in PostgreSQL. */
public final class PostgresWithdrawStore implements WithdrawStore {
    // What was deleted, a secret or an environment, comes back when it is undeleted, so it is revoked like any other.
    private static final String WANTED = """
            s.org_id = $1 and s.provider_id = $2
               and ($4::text is null
                    or (s.name_key = $4
                        and s.project_id = (select p.project_id from project p
                                             where p.org_id = $1 and p.deleted_at is null
                                               and case when $3::text is null then p.is_default
                                                        else p.name_key = $3 or p.project_id::text = $3 end)))
            """;
    private static final String FIND = "select s.secret_id from secret s where " + WANTED
            + " order by s.deleted_at desc nulls first, s.secret_id limit 1";
    private static final String HOLD = """
            select e.project_id, e.environment_id, e.name_key, e.is_default from environment e
             where e.org_id = $1
               and e.environment_id in (
                   select v.environment_id from secret s
                     join secret_value v on v.org_id = s.org_id and v.secret_id = s.secret_id
                    where v.revoked_at is null and %s)
             order by e.environment_id for update of e
            """.formatted(WANTED);
    private static final String RAISE =
            "update environment set version = version + 1 where org_id = $1 and environment_id = any($2)";
    private static final String NEXT = """
            select v.environment_id, v.secret_id, v.current_version, s.name_key, s.encryption_mode from secret s
              join secret_value v on v.org_id = s.org_id and v.secret_id = s.secret_id
             where v.environment_id = any($5) and v.revoked_at is null
               and ($6::uuid is null or (v.environment_id, v.secret_id) > ($6, $7))
               and %s
             order by v.environment_id, v.secret_id limit %d
            """.formatted(WANTED, BATCH);
    private static final String REVOKE = """
            update secret_value v
               set revoked_at = clock_timestamp(), updated_at = clock_timestamp(), revoked_through = v.current_version,
                   changed_version = e.version, seal = u.seal,
                   previous_version = null, previous_until = null, previous_seal = null
              from unnest($2::uuid[], $3::uuid[], $4::bytea[]) as u(environment_id, secret_id, seal)
              join environment e on e.org_id = $1 and e.environment_id = u.environment_id
             where v.org_id = $1 and v.environment_id = u.environment_id and v.secret_id = u.secret_id
            """;

    private final RowSeal seals;

    public PostgresWithdrawStore(RowSeal seals) {
        this.seals = seals;
    }

    @Override
    public Future<@Nullable UUID> find(Transaction transaction, Wanted wanted) {
        return transaction
                .query(FIND, tuple(wanted))
                .map(rows -> rows.size() == 0 ? null : rows.iterator().next().getUUID("secret_id"));
    }

    @Override
    public Future<List<Held>> hold(Transaction transaction, Wanted wanted) {
        return transaction.query(HOLD, tuple(wanted)).map(rows -> {
            List<Held> held = new ArrayList<>();
            for (Row row : rows) {
                held.add(new Held(
                        row.getUUID("project_id"),
                        row.getUUID("environment_id"),
                        Names.isProduction(row.getString("name_key"), row.getBoolean("is_default"))));
            }
            return held;
        });
    }

    @Override
    public Future<Void> raise(Transaction transaction, UUID orgId, List<UUID> environmentIds) {
        Tuple values = Tuple.of(orgId).addArrayOfUUID(environmentIds.toArray(UUID[]::new));
        return transaction.query(RAISE, values).mapEmpty();
    }

    @Override
    public Future<List<Current>> next(
            Transaction transaction, Wanted wanted, List<UUID> environmentIds, @Nullable Current after) {
        Tuple values = tuple(wanted)
                .addArrayOfUUID(environmentIds.toArray(UUID[]::new))
                .addUUID(after == null ? null : after.environmentId())
                .addUUID(after == null ? null : after.secretId());
        return transaction.query(NEXT, values).map(rows -> {
            List<Current> heads = new ArrayList<>();
            for (Row row : rows) {
                heads.add(new Current(
                        row.getUUID("environment_id"),
                        row.getUUID("secret_id"),
                        row.getString("name_key"),
                        row.getLong("current_version"),
                        row.getString("encryption_mode").equals("client")));
            }
            return heads;
        });
    }

    @Override
    public Future<Void> revoke(Transaction transaction, UUID orgId, List<Current> heads) {
        Tuple values = Tuple.of(orgId)
                .addArrayOfUUID(heads.stream().map(Current::environmentId).toArray(UUID[]::new))
                .addArrayOfUUID(heads.stream().map(Current::secretId).toArray(UUID[]::new))
                .addArrayOfBuffer(
                        heads.stream().map(head -> sealOf(orgId, head)).toArray(Buffer[]::new));
        return transaction.query(REVOKE, values).mapEmpty();
    }

    private Buffer sealOf(UUID orgId, Current current) {
        Head head = new Head(orgId, current.environmentId(), current.secretId(), current.version());
        return Buffer.buffer(head.seal(seals, current.clientEncrypted(), true).seal());
    }

    private static Tuple tuple(Wanted wanted) {
        return Tuple.of(wanted.orgId(), wanted.providerId())
                .addString(wanted.project())
                .addString(wanted.nameKey());
    }
}
