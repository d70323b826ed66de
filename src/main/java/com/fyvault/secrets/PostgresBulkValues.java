package com.fyvault.secrets;

import com.fyvault.crypto.RowSeal;
import com.fyvault.crypto.SealBroken;
import com.fyvault.environments.Place;
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

/** Every sealed value of an environment in one query, each head held against its seal. */
final class PostgresBulkValues {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresBulkValues.class);

    private static final String VALUES = "select " + PostgresSecretStore.COLUMNS
            + ", v.seal, r.envelope, e.version as environment_version" + """
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

    private PostgresBulkValues() {}

    static Future<SecretStore.Values> read(Database database, RowSeal seals, Place place) {
        return database.query(VALUES, Tuple.of(place.orgId(), place.environmentId(), place.projectId()))
                .map(rows -> {
                    List<SecretStore.Sealed> sealed = new ArrayList<>();
                    long version = place.version();
                    for (Row row : rows) {
                        version = row.getLong("environment_version");
                        if (row.getUUID("secret_id") != null) {
                            sealed.add(verified(row, seals, place));
                        }
                    }
                    return new SecretStore.Values(version, sealed);
                });
    }

    private static SecretStore.Sealed verified(Row row, RowSeal seals, Place place) {
        Secret secret = PostgresSecretStore.secret(row);
        Head head = new Head(place.orgId(), place.environmentId(), secret.id(), secret.version());
        byte[] seal = row.getBuffer("seal").getBytes();
        @Nullable Buffer envelope = row.getBuffer("envelope");
        if (!head.seal(seals, secret.clientEncrypted(), secret.revoked()).verify(seal) || envelope == null) {
            LOG.atError()
                    .addKeyValue("orgId", place.orgId())
                    .addKeyValue("secretId", secret.id())
                    .log("alarm: head of a secret does not fit its seal");
            throw new SealBroken();
        }
        return new SecretStore.Sealed(secret, envelope.getBytes());
    }
}
