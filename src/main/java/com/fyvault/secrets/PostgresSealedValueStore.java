package com.fyvault.secrets;

import com.fyvault.crypto.RowSeal;
import com.fyvault.crypto.SealBroken;
import com.fyvault.environments.EnvironmentState;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Database;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sealed values in PostgreSQL, for reading. */
public final class PostgresSealedValueStore implements SealedValueStore {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresSealedValueStore.class);

    private static final String FIND = """
            select e.version as environment_version, s.secret_id, s.name, s.encryption_mode,
                   v.current_version, v.revoked_at is not null as revoked, v.seal, r.envelope
              from environment e
              left join secret s
                on s.org_id = e.org_id and s.project_id = e.project_id and s.deleted_at is null and %s
              left join secret_value v
                on v.org_id = e.org_id and v.environment_id = e.environment_id and v.secret_id = s.secret_id
              left join secret_version r
                on r.org_id = e.org_id and r.secret_id = s.secret_id and r.environment_id = e.environment_id
               and r.version = v.current_version
             where e.org_id = $1 and e.environment_id = $2 and e.project_id = $3 and e.deleted_at is null
            """;
    private static final String FIND_BY_NAME = FIND.formatted("s.name_key = $4");
    private static final String FIND_BY_ID = FIND.formatted("s.secret_id = $4");

    private static final String CHANGED = """
            select e.version, e.deleted_at is not null as gone, e.floor_version, s.secret_id, s.name_key
              from environment e
              left join secret_value v
                on v.org_id = e.org_id and v.environment_id = e.environment_id and v.changed_version > $3
              left join secret s on s.org_id = v.org_id and s.secret_id = v.secret_id
             where e.org_id = $1 and e.environment_id = $2
             limit %d
            """.formatted(MOST_CHANGES + 1);

    private final Database database;
    private final RowSeal seals;

    public PostgresSealedValueStore(Database database, RowSeal seals) {
        this.database = database;
        this.seals = seals;
    }

    @Override
    public Future<SealedValue> find(EnvironmentState environment, SecretKey key) {
        Tuple values = Tuple.of(environment.orgId(), environment.environmentId(), environment.projectId())
                .addValue(key.byName() ? key.text() : UUID.fromString(key.text()));
        return database.query(environment.orgId(), key.byName() ? FIND_BY_NAME : FIND_BY_ID, values)
                .map(rows -> value(environment, rows));
    }

    @Override
    public Future<Changes> changedSince(EnvironmentState environment, long sinceVersion) {
        Tuple values = Tuple.of(environment.orgId(), environment.environmentId(), sinceVersion);
        return database.query(environment.orgId(), CHANGED, values).map(rows -> {
            List<Changed> changed = new ArrayList<>();
            long version = sinceVersion;
            boolean gone = rows.size() == 0;
            boolean purged = false;
            for (Row row : rows) {
                version = row.getLong("version");
                gone = row.getBoolean("gone");
                purged = row.getLong("floor_version") > sinceVersion;
                @Nullable UUID secretId = row.getUUID("secret_id");
                if (secretId != null) {
                    changed.add(new Changed(secretId, row.getString("name_key")));
                }
            }
            return new Changes(version, changed, purged || changed.size() > MOST_CHANGES, gone);
        });
    }

    private SealedValue value(EnvironmentState environment, RowSet<Row> rows) {
        if (rows.size() == 0) {
            throw Refusal.of(ErrorCode.ENVIRONMENT_NOT_FOUND);
        }
        Row row = rows.iterator().next();
        long readVersion = row.getLong("environment_version");
        @Nullable UUID secretId = row.getUUID("secret_id");
        @Nullable Long version = row.getLong("current_version");
        if (secretId == null || version == null) {
            return SealedValue.absent(readVersion);
        }
        Head head = new Head(environment.orgId(), environment.environmentId(), secretId, version);
        boolean client = row.getString("encryption_mode").equals("client");
        boolean revoked = row.getBoolean("revoked");
        @Nullable Buffer envelope = row.getBuffer("envelope");
        if (!head.seal(seals, client, revoked).verify(row.getBuffer("seal").getBytes()) || envelope == null) {
            LOG.atError()
                    .addKeyValue("orgId", environment.orgId())
                    .addKeyValue("secretId", secretId)
                    .log("alarm: head of a secret does not fit its seal");
            throw new SealBroken();
        }
        return new SealedValue(
                secretId,
                Objects.requireNonNull(row.getString("name")),
                version,
                envelope.getBytes(),
                client,
                revoked,
                readVersion);
    }
}
