package com.fyvault.secrets;

import com.fyvault.crypto.RowSeal;
import com.fyvault.crypto.SealBroken;
import com.fyvault.environments.Place;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Database;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All sealed values of an environment, from PostgreSQL. */
public final class PostgresBulkValueStore implements BulkValueStore {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresBulkValueStore.class);

    private static final String FIND = "select " + PostgresSecretStore.COLUMNS
            + ", v.seal, r.envelope, e.version as environment_version, 0::bigint as device_count, null::timestamptz as leaked_at"
            + """
              from environment e
              left join secret_value v
                on v.org_id = e.org_id and v.environment_id = e.environment_id and v.revoked_at is null
              left join secret s
                on s.org_id = v.org_id and s.secret_id = v.secret_id and s.deleted_at is null
              left join secret_version r
                on r.org_id = v.org_id and r.secret_id = s.secret_id and r.environment_id = v.environment_id
               and r.version = v.current_version
             where e.org_id = $1 and e.environment_id = $2 and e.project_id = $3 and e.deleted_at is null
             order by s.name_key limit %d
            """.formatted(SecretStore.MOST_SECRETS);

    // Asked before anything is fetched: an environment can hold more than a node has memory.
    private static final String SIZE = """
            select count(*) as count, coalesce(sum(octet_length(r.envelope)), 0)::bigint as bytes
              from secret_value v
              join secret_version r
                on r.org_id = v.org_id and r.secret_id = v.secret_id and r.environment_id = v.environment_id
               and r.version = v.current_version
             where v.org_id = $1 and v.environment_id = $2 and v.revoked_at is null
            """;

    private final Database database;
    private final RowSeal seals;

    public PostgresBulkValueStore(Database database, RowSeal seals) {
        this.database = database;
        this.seals = seals;
    }

    @Override
    public Future<Values> find(Place place) {
        return database.query(place.orgId(), SIZE, Tuple.of(place.orgId(), place.environmentId()))
                .compose(rows -> {
                    Row size = rows.iterator().next();
                    if (size.getLong("count") > MOST_VALUES || size.getLong("bytes") > MOST_BYTES) {
                        throw Refusal.of(
                                ErrorCode.VALUE_TOO_LARGE,
                                "The values of this environment are too many or too large for one answer");
                    }
                    return fetch(place);
                });
    }

    private Future<Values> fetch(Place place) {
        return database.query(place.orgId(), FIND, Tuple.of(place.orgId(), place.environmentId(), place.projectId()))
                .map(rows -> {
                    List<SecretStore.Sealed> values = new ArrayList<>();
                    long version = place.version();
                    for (Row row : rows) {
                        version = row.getLong("environment_version");
                        if (row.getUUID("secret_id") != null) {
                            values.add(verified(place, row));
                        }
                    }
                    return new Values(version, values);
                });
    }

    private SecretStore.Sealed verified(Place place, Row row) {
        Secret secret = PostgresSecretStore.secret(row);
        @Nullable Buffer envelope = row.getBuffer("envelope");
        Head head = new Head(place.orgId(), place.environmentId(), secret.id(), secret.version());
        boolean fits = head.seal(seals, secret.clientEncrypted(), secret.revoked())
                .verify(row.getBuffer("seal").getBytes());
        if (!fits || envelope == null) {
            LOG.atError()
                    .addKeyValue("orgId", place.orgId())
                    .addKeyValue("secretId", secret.id())
                    .log("alarm: head of a secret does not fit its seal");
            throw new SealBroken();
        }
        return new SecretStore.Sealed(secret, envelope.getBytes());
    }
}
