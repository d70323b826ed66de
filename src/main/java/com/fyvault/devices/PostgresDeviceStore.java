package com.fyvault.devices;

import com.fyvault.crypto.RowSeal;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Credential;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Devices in PostgreSQL. Each row is sealed together with its credential's token hash. */
public final class PostgresDeviceStore implements DeviceStore {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresDeviceStore.class);

    private static final String ADD = """
            insert into device (org_id, credential_id, hostname, fingerprint, device_seal) values ($1, $2, $3, $4, $5)
            """;
    private static final String FIND = """
            select credential_id, hostname, fingerprint, device_seal from device
             where org_id = $1 and credential_id = any($2)
            """;
    private static final String KNOWN = """
            select 1 from device d
              join credential c on c.org_id = d.org_id and c.credential_id = d.credential_id and c.revoked_at is null
             where d.org_id = $1 and d.fingerprint = $2 limit 1
            """;
    private static final String SECRET = """
            select s.project_id, s.name from secret s
              join project p on p.org_id = s.org_id and p.project_id = s.project_id and p.deleted_at is null
             where s.org_id = $1 and s.secret_id = $2 and s.deleted_at is null
            """;

    private final Database database;
    private final RowSeal seals;

    public PostgresDeviceStore(Database database, RowSeal seals) {
        this.database = database;
        this.seals = seals;
    }

    @Override
    public Future<Void> add(Transaction transaction, Credential credential, Device device) {
        Tuple values = Tuple.of(credential.orgId(), credential.id())
                .addString(device.hostname())
                .addString(device.fingerprint())
                .addBuffer(Buffer.buffer(sealOf(credential, device).seal()));
        return transaction.query(ADD, values).mapEmpty();
    }

    @Override
    public Future<Device> find(Transaction transaction, Credential credential) {
        return transaction
                .query(FIND, named(credential.orgId(), List.of(credential)))
                .map(rows -> {
                    if (rows.size() == 0) {
                        throw Refusal.of(ErrorCode.CREDENTIAL_NOT_FOUND);
                    }
                    return device(rows.iterator().next(), credential);
                });
    }

    @Override
    public Future<Map<UUID, Device>> find(UUID orgId, Collection<Credential> credentials) {
        return database.query(orgId, FIND, named(orgId, credentials)).map(rows -> devices(rows, credentials));
    }

    @Override
    public Future<Boolean> isKnown(Transaction transaction, UUID orgId, String fingerprint) {
        return transaction.query(KNOWN, Tuple.of(orgId, fingerprint)).map(rows -> rows.size() > 0);
    }

    @Override
    public Future<@Nullable Assignable> secret(Transaction transaction, UUID orgId, UUID secretId) {
        return transaction.query(SECRET, Tuple.of(orgId, secretId)).map(rows -> {
            if (rows.size() == 0) {
                return null;
            }
            Row row = rows.iterator().next();
            return new Assignable(row.getUUID("project_id"), secretId, row.getString("name"));
        });
    }

    private Map<UUID, Device> devices(RowSet<Row> rows, Collection<Credential> credentials) {
        Map<UUID, Credential> byId = new HashMap<>();
        credentials.forEach(credential -> byId.put(credential.id(), credential));
        Map<UUID, Device> found = new HashMap<>();
        for (Row row : rows) {
            @Nullable Credential credential = byId.get(row.getUUID("credential_id"));
            if (credential != null) {
                found.put(credential.id(), device(row, credential));
            }
        }
        return found;
    }

    private Device device(Row row, Credential credential) {
        Device device = new Device(row.getString("hostname"), row.getString("fingerprint"));
        if (!sealOf(credential, device).verify(row.getBuffer("device_seal").getBytes())) {
            LOG.atError()
                    .addKeyValue("orgId", credential.orgId())
                    .addKeyValue("credentialId", credential.id())
                    .log("alarm: device row does not fit its seal");
            throw Refusal.of(ErrorCode.SEALED_VALUE_REFUSED);
        }
        return device;
    }

    private RowSeal.Row sealOf(Credential credential, Device device) {
        return seals.fields("device.1")
                .add(credential.orgId())
                .add(credential.id())
                .add(credential.hash().toBytes())
                .add(device.fingerprint());
    }

    private static Tuple named(UUID orgId, Collection<Credential> credentials) {
        return Tuple.of(orgId)
                .addArrayOfUUID(credentials.stream().map(Credential::id).toArray(UUID[]::new));
    }
}
