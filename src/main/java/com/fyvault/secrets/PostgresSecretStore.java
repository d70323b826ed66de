package com.fyvault.secrets;

import com.fyvault.crypto.RowSeal;
import com.fyvault.environments.Names;
import com.fyvault.environments.Place;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.StoreFailure;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Secrets in PostgreSQL, for managing them. */
public final class PostgresSecretStore implements SecretStore {
    static final String COLUMNS = """
            s.org_id, s.project_id, s.secret_id, s.name, s.description, s.secret_type,
            s.injection_config::text as injection_config, s.encryption_mode, s.created_at, s.updated_at,
            s.last_rotated_at, s.last_used_at, s.deleted_at, s.provider_id, v.current_version,
            v.revoked_at is not null as revoked
            """;
    /** To how many devices the secret of a row was assigned; and since when its value in the environment stands though it leaked. */
    static final String DEVICES = """
            , (select count(*) from device_secret d
                where d.org_id = %1$s.org_id and d.secret_id = %1$s.secret_id) as device_count,
              (select min(k.found_at) from standing_leak k
                where k.org_id = %1$s.org_id and k.secret_id = %1$s.secret_id and k.environment_id = %2$s) as leaked_at
            """;

    static final String FROM = """
              from secret s
              left join secret_value v
                on v.org_id = s.org_id and v.environment_id = $2 and v.secret_id = s.secret_id
            """;
    private static final String FIND = "select " + COLUMNS + DEVICES.formatted("s", "$2") + FROM
            + " where s.org_id = $1 and s.project_id = $3 and s.deleted_at is null and ";
    private static final String FIND_BY_NAME = FIND + "s.name_key = $4";
    private static final String FIND_BY_ID = FIND + "s.secret_id = $4";
    private static final String ADD = """
            insert into secret (org_id, secret_id, project_id, name, name_key, description, secret_type,
                                injection_config, encryption_mode, created_by)
            select $1, $2, $3, $4, $5, $6, $7, $8::text::jsonb, $9, $10
             where (select count(*) from secret where org_id = $1 and project_id = $3 and deleted_at is null) < %d
            """.formatted(MOST_SECRETS);
    private static final String EDIT = """
            update secret set description = coalesce($3, description), secret_type = coalesce($5, secret_type),
                   injection_config = coalesce($4::text::jsonb, injection_config), updated_at = clock_timestamp()
             where org_id = $1 and secret_id = $2
            """;
    private static final String ADD_VERSION = """
            insert into secret_version (org_id, secret_id, environment_id, version, envelope, created_by, credential_id,
                                        fingerprint)
            values ($1, $2, $3, $4, $5, $6, $7, $8)
            """;
    // The version has its fingerprint; one before that has none is left for PrintValues, for it may be readable a
    // while.
    private static final String SET_HEAD = """
            insert into secret_value (org_id, environment_id, secret_id, current_version, changed_version, seal,
                                      printed_version)
            values ($1, $2, $3, $4, $5, $6, $4)
            on conflict (org_id, environment_id, secret_id) do update
               set current_version = excluded.current_version, changed_version = excluded.changed_version,
                   seal = excluded.seal, revoked_at = null, updated_at = clock_timestamp(),
                   previous_version = null, previous_until = null, previous_seal = null,
                   printed_version = case when secret_value.printed_version >= secret_value.current_version
                       then excluded.current_version else secret_value.printed_version end
            """;
    private static final String TOUCH = """
            update secret set updated_at = clock_timestamp(),
                   last_rotated_at = case when $3 then clock_timestamp() else last_rotated_at end
             where org_id = $1 and secret_id = $2
            """;
    private static final String VERSIONS = """
            select version, created_by, credential_id, created_at from secret_version
             where org_id = $1 and secret_id = $2 and environment_id = $3
             order by version desc limit 1000
            """;
    private static final String ENVELOPE = """
            select r.envelope, r.version <= v.revoked_through as revoked from secret_version r
              join secret_value v
                on v.org_id = r.org_id and v.environment_id = r.environment_id and v.secret_id = r.secret_id
             where r.org_id = $1 and r.secret_id = $2 and r.environment_id = $3 and r.version = $4
            """;
    // In the order of ids: two deletions that meet wait for one another instead of locking each other out.
    private static final String LOCK_ENVIRONMENTS = """
            select e.environment_id from environment e
              join secret_value v on v.org_id = e.org_id and v.environment_id = e.environment_id
             where e.org_id = $1 and v.secret_id = $2
             order by e.environment_id for update of e
            """;
    private static final String RAISE = """
            with raised as (
                update environment e set version = e.version + 1
                 where e.org_id = $1
                   and e.environment_id in (select environment_id from secret_value where org_id = $1 and secret_id = $2)
                returning e.environment_id, e.version
            )
            update secret_value v set changed_version = raised.version from raised
             where v.org_id = $1 and v.secret_id = $2 and v.environment_id = raised.environment_id
            """;
    private static final String SET_DELETED = """
            update secret s set deleted_at = case when $3 then clock_timestamp() end, updated_at = clock_timestamp()
             where s.org_id = $1 and s.secret_id = $2 and (s.deleted_at is null) = $3 and s.project_id = $4
               and (s.deleted_at is null or s.deleted_at > clock_timestamp() - interval '30 days')
            returning s.org_id, s.project_id, s.secret_id, s.name, s.description, s.secret_type,
                      s.injection_config::text as injection_config, s.encryption_mode, s.created_at, s.updated_at,
                      s.last_rotated_at, s.last_used_at, s.deleted_at, s.provider_id, false as revoked,
                      (select v.current_version from secret_value v
                        where v.org_id = $1 and v.environment_id = $5 and v.secret_id = $2) as current_version
            """ + DEVICES.formatted("s", "$5");
    private final Database database;
    private final RowSeal seals;

    public PostgresSecretStore(Database database, RowSeal seals) {
        this.database = database;
        this.seals = seals;
    }

    @Override
    public Future<Listed> list(Place place, Filter filter) {
        return database.query(place.orgId(), PostgresSecretPage.LIST, PostgresSecretPage.parameters(place, filter))
                .map(PostgresSecretPage::listed);
    }

    @Override
    public Future<Secret> find(Place place, SecretKey key) {
        return database.query(place.orgId(), key.byName() ? FIND_BY_NAME : FIND_BY_ID, keyed(place, key))
                .map(PostgresSecretStore::one);
    }

    @Override
    public Future<Secret> find(Transaction transaction, Place place, SecretKey key) {
        return transaction
                .query(key.byName() ? FIND_BY_NAME : FIND_BY_ID, keyed(place, key))
                .map(PostgresSecretStore::one);
    }

    @Override
    public Future<Void> add(Transaction transaction, Place place, Draft draft) {
        Tuple values = Tuple.of(place.orgId(), draft.id(), place.projectId(), draft.name())
                .addString(Names.key(draft.name()))
                .addString(draft.description())
                .addString(draft.secretType())
                .addString(draft.injectionConfig())
                .addString(draft.clientEncrypted() ? "client" : "server")
                .addString(draft.createdBy());
        return transaction
                .query(ADD, values)
                .recover(PostgresSecretStore::taken)
                .map(added -> {
                    if (added.rowCount() == 0) {
                        throw Refusal.of(ErrorCode.LIMIT_REACHED, "A project has at most " + MOST_SECRETS + " secrets");
                    }
                    return null;
                });
    }

    @Override
    public Future<Void> edit(Transaction transaction, Secret secret, Edit edit) {
        return transaction
                .query(
                        EDIT,
                        Tuple.of(
                                secret.orgId(),
                                secret.id(),
                                edit.description(),
                                edit.injectionConfig(),
                                edit.secretType()))
                .mapEmpty();
    }

    @Override
    public Future<Void> addVersion(Transaction transaction, Place place, Version version, Actor actor) {
        Tuple stored = Tuple.of(place.orgId(), version.secretId(), place.environmentId(), version.version())
                .addBuffer(Buffer.buffer(version.envelope()))
                .addString(actor.name())
                .addUUID(actor.credentialId())
                .addBuffer(version.print() == null ? null : Buffer.buffer(version.print()));
        Head head = new Head(place.orgId(), place.environmentId(), version.secretId(), version.version());
        byte[] seal = head.seal(seals, version.clientEncrypted(), false).seal();
        Tuple current = Tuple.of(place.orgId(), place.environmentId(), version.secretId(), version.version())
                .addLong(place.version())
                .addBuffer(Buffer.buffer(seal));
        return transaction
                .query(ADD_VERSION, stored)
                .compose(added -> transaction.query(SET_HEAD, current))
                .compose(
                        set -> transaction.query(TOUCH, Tuple.of(place.orgId(), version.secretId(), version.rotated())))
                .mapEmpty();
    }

    @Override
    public Future<List<StoredVersion>> versions(Place place, UUID secretId) {
        return database.query(place.orgId(), VERSIONS, Tuple.of(place.orgId(), secretId, place.environmentId()))
                .map(rows -> {
                    List<StoredVersion> versions = new ArrayList<>();
                    for (Row row : rows) {
                        versions.add(new StoredVersion(
                                row.getLong("version"),
                                row.getString("created_by"),
                                row.getUUID("credential_id"),
                                row.getOffsetDateTime("created_at").toInstant()));
                    }
                    return versions;
                });
    }

    @Override
    public Future<byte @Nullable []> envelope(Transaction transaction, Place place, UUID secretId, long version) {
        return transaction
                .query(ENVELOPE, Tuple.of(place.orgId(), secretId, place.environmentId(), version))
                .map(rows -> {
                    @Nullable
                    Row row = rows.size() == 0 ? null : rows.iterator().next();
                    if (row != null && row.getBoolean("revoked")) {
                        throw Refusal.of(ErrorCode.SECRET_REVOKED, "That version was revoked");
                    }
                    return row == null ? null : row.getBuffer("envelope").getBytes();
                });
    }

    @Override
    public Future<List<UUID>> environmentsOf(Transaction transaction, UUID orgId, UUID secretId) {
        return transaction.query(LOCK_ENVIRONMENTS, Tuple.of(orgId, secretId)).map(rows -> {
            List<UUID> ids = new ArrayList<>();
            rows.forEach(row -> ids.add(row.getUUID("environment_id")));
            return ids;
        });
    }

    @Override
    public Future<Secret> setDeleted(Transaction transaction, Place place, UUID secretId, boolean deleted) {
        Tuple values = Tuple.of(place.orgId(), secretId, deleted, place.projectId(), place.environmentId());
        return transaction
                .query(SET_DELETED, values)
                .recover(PostgresSecretStore::taken)
                .map(PostgresSecretStore::one)
                .compose(secret -> transaction
                        .query(RAISE, Tuple.of(place.orgId(), secretId))
                        .map(secret));
    }

    private static Tuple keyed(Place place, SecretKey key) {
        return Tuple.of(place.orgId(), place.environmentId(), place.projectId())
                .addValue(key.byName() ? key.text() : UUID.fromString(key.text()));
    }

    private static <T> Future<T> taken(Throwable failure) {
        boolean taken = StoreFailure.violates(failure, "secret_name");
        return Future.failedFuture(taken ? Refusal.of(ErrorCode.NAME_TAKEN, "A secret of that name exists") : failure);
    }

    private static Secret one(RowSet<Row> rows) {
        if (rows.size() == 0) {
            throw Refusal.of(ErrorCode.SECRET_NOT_FOUND);
        }
        return secret(rows.iterator().next());
    }

    static Secret secret(Row row) {
        @Nullable Long version = row.getLong("current_version");
        return new Secret(
                row.getUUID("org_id"),
                row.getUUID("project_id"),
                row.getUUID("secret_id"),
                row.getString("name"),
                row.getString("description"),
                row.getString("secret_type"),
                row.getString("injection_config"),
                row.getString("encryption_mode").equals("client"),
                version == null ? 0 : version,
                row.getBoolean("revoked"),
                row.getUUID("provider_id"),
                row.getLong("device_count"),
                instant(row.getOffsetDateTime("leaked_at")),
                row.getOffsetDateTime("created_at").toInstant(),
                row.getOffsetDateTime("updated_at").toInstant(),
                instant(row.getOffsetDateTime("last_rotated_at")),
                instant(row.getOffsetDateTime("last_used_at")),
                instant(row.getOffsetDateTime("deleted_at")));
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }
}
