package com.fyvault.secrets;

import com.fyvault.crypto.Envelope;
import com.fyvault.crypto.ValuePrints;
import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Everywhere;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Values without a fingerprint in PostgreSQL, which an index finds. Which organization has some is asked of all. */
public final class PostgresPrintStore implements PrintStore {
    private static final String DUE = """
            select org_id from secret_value where printed_version < current_version and org_id > $1
             order by org_id limit 1
            """;
    private static final String CLAIM = "select pg_try_advisory_xact_lock(7305814) as mine";
    // A head that is being changed waits for the next turn. What was encrypted by a client, was revoked or is too long
    // has none.
    private static final String TAKE = """
            with head as materialized (
                select v.org_id, v.environment_id, v.secret_id, v.current_version, v.revoked_at is null as live,
                       case when v.previous_until > clock_timestamp() and v.previous_version > v.revoked_through
                            then v.previous_version end as previous
                  from secret_value v
                 where v.org_id = $1 and v.printed_version < v.current_version
                 order by v.environment_id, v.secret_id limit $2 for no key update skip locked
            )
            select h.environment_id, h.secret_id, h.current_version, e.project_id, x.version,
                   case when h.live and s.encryption_mode = 'server' and octet_length(x.envelope) <= %d
                        then x.envelope end as envelope
              from head h
              join environment e on e.org_id = h.org_id and e.environment_id = h.environment_id
              join secret s on s.org_id = h.org_id and s.secret_id = h.secret_id
              left join secret_version x
                on x.org_id = h.org_id and x.secret_id = h.secret_id and x.environment_id = h.environment_id
               and x.version in (h.current_version, h.previous)
            """.formatted(ValuePrints.LONGEST + Envelope.OVERHEAD);
    private static final String PRINT = """
            update secret_version x set fingerprint = u.print
              from unnest($2::uuid[], $3::uuid[], $4::bigint[], $5::bytea[])
                   as u(environment_id, secret_id, version, print)
             where x.org_id = $1 and x.environment_id = u.environment_id and x.secret_id = u.secret_id
               and x.version = u.version
            """;
    private static final String MARK = """
            update secret_value v set printed_version = v.current_version
              from unnest($2::uuid[], $3::uuid[], $4::bigint[]) as u(environment_id, secret_id, version)
             where v.org_id = $1 and v.environment_id = u.environment_id and v.secret_id = u.secret_id
               and v.current_version = u.version
            """;

    private final Everywhere everywhere;

    public PostgresPrintStore(Database database) {
        this.everywhere = database.everywhere();
    }

    @Override
    public Future<@Nullable UUID> due(UUID after) {
        return everywhere
                .query(DUE, Tuple.of(after))
                .map(rows -> rows.size() == 0 ? null : rows.iterator().next().getUUID("org_id"));
    }

    @Override
    public Future<Boolean> claim(Transaction transaction) {
        return transaction
                .query(CLAIM, Tuple.tuple())
                .map(rows -> rows.iterator().next().getBoolean("mine"));
    }

    @Override
    public Future<Batch> take(Transaction transaction, UUID orgId, int most) {
        return transaction.query(TAKE, Tuple.of(orgId, most)).map(rows -> {
            Set<Waiting> heads = new LinkedHashSet<>();
            List<Sealed> values = new ArrayList<>();
            for (Row row : rows) {
                UUID environmentId = row.getUUID("environment_id");
                UUID secretId = row.getUUID("secret_id");
                heads.add(new Waiting(environmentId, secretId, row.getLong("current_version")));
                @Nullable Buffer envelope = row.getBuffer("envelope");
                if (envelope != null) {
                    values.add(new Sealed(
                            row.getUUID("project_id"),
                            environmentId,
                            secretId,
                            row.getLong("version"),
                            envelope.getBytes()));
                }
            }
            return new Batch(List.copyOf(heads), values);
        });
    }

    @Override
    public Future<Void> done(Transaction transaction, UUID orgId, List<Waiting> heads, List<Print> prints) {
        Tuple printed = Tuple.of(orgId)
                .addArrayOfUUID(prints.stream().map(p -> p.of().environmentId()).toArray(UUID[]::new))
                .addArrayOfUUID(prints.stream().map(p -> p.of().secretId()).toArray(UUID[]::new))
                .addArrayOfLong(prints.stream().map(p -> p.of().version()).toArray(Long[]::new))
                .addArrayOfBuffer(
                        prints.stream().map(p -> Buffer.buffer(p.bytes())).toArray(Buffer[]::new));
        Tuple looked = Tuple.of(orgId)
                .addArrayOfUUID(heads.stream().map(Waiting::environmentId).toArray(UUID[]::new))
                .addArrayOfUUID(heads.stream().map(Waiting::secretId).toArray(UUID[]::new))
                .addArrayOfLong(heads.stream().map(Waiting::version).toArray(Long[]::new));
        return transaction
                .query(PRINT, printed)
                .compose(written -> transaction.query(MARK, looked))
                .mapEmpty();
    }
}
