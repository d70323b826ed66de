package com.fyvault.secrets;

import com.fyvault.crypto.RowSeal;
import com.fyvault.crypto.SealBroken;
import com.fyvault.environments.Names;
import com.fyvault.environments.Place;
import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Secrets of providers in PostgreSQL. */
public final class PostgresProvidedStore implements ProvidedStore {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresProvidedStore.class);

    private static final String FIND = """
            select s.secret_id, s.name, s.provider_id, s.encryption_mode, coalesce(v.current_version, 0) as version,
                   v.revoked_at is not null as revoked, clock_timestamp() as now,
                   case when v.numbered_by = s.provider_id then v.provider_version end as provider_version
              from secret s
              left join secret_value v
                on v.org_id = s.org_id and v.environment_id = $2 and v.secret_id = s.secret_id
             where s.org_id = $1 and s.project_id = $3 and s.deleted_at is null and s.name_key = $4
            """;
    private static final String DELETED = """
            select max(v.provider_version) as newest
              from secret s
              join secret_value v
                on v.org_id = s.org_id and v.environment_id = $2 and v.secret_id = s.secret_id
             where s.org_id = $1 and s.project_id = $3 and s.name_key = $4 and s.deleted_at is not null
               and s.provider_id = $5 and v.numbered_by = $5
            """;
    // Two pushes of a new name that meet: the second one waits here, and finds what the first has made.
    private static final String ADD = """
            insert into secret (org_id, secret_id, project_id, name, name_key, secret_type, encryption_mode, created_by,
                                provider_id)
            select $1, $2, $3, $4, $5, $6, 'server', $7, $8
             where (select count(*) from secret where org_id = $1 and project_id = $3 and deleted_at is null) < %d
            on conflict (org_id, project_id, name_key) where deleted_at is null do nothing
            """.formatted(SecretStore.MOST_SECRETS);
    private static final String NOTE = """
            update secret_value
               set provider_version = coalesce($4, provider_version),
                   numbered_by = case when $4::bigint is null then numbered_by else $8 end,
                   previous_version = $5, previous_until = $6, previous_seal = $7
             where org_id = $1 and environment_id = $2 and secret_id = $3
            """;
    private static final String SPOTS = """
            select e.project_id, e.environment_id
              from secret s
              join project p on p.org_id = s.org_id and p.project_id = s.project_id and p.deleted_at is null
              join secret_value v on v.org_id = s.org_id and v.secret_id = s.secret_id
              join environment e
                on e.org_id = v.org_id and e.environment_id = v.environment_id and e.deleted_at is null
             where s.org_id = $1 and s.provider_id = $2 and s.name_key = $4 and s.deleted_at is null
               and case when $3::text is null then p.is_default else p.name_key = $3 or p.project_id::text = $3 end
             order by e.environment_id limit 2
            """;
    private static final String HAND = """
            update secret set provider_id = $3, updated_at = clock_timestamp()
             where org_id = $1 and secret_id = $2
               and ($3::uuid is null
                    or exists (select from provider p
                                 join credential c on c.org_id = p.org_id and c.credential_id = p.credential_id
                                where p.org_id = $1 and p.credential_id = $3 and c.revoked_at is null
                                  and coalesce(c.expires_at > clock_timestamp(), true)
                                  and ($4::uuid is null or c.parent_id = $4)))
            """;
    private static final String PREVIOUS = """
            select e.version as environment_version, s.secret_id, s.name, s.encryption_mode, v.current_version,
                   v.revoked_at is not null as revoked, v.seal, v.previous_version, v.previous_until, v.previous_seal,
                   r.envelope
              from environment e
              join secret s
                on s.org_id = e.org_id and s.project_id = e.project_id and s.deleted_at is null and %s
              join secret_value v
                on v.org_id = e.org_id and v.environment_id = e.environment_id and v.secret_id = s.secret_id
              left join secret_version r
                on r.org_id = e.org_id and r.secret_id = s.secret_id and r.environment_id = e.environment_id
               and r.version = v.previous_version and v.previous_until > clock_timestamp()
             where e.org_id = $1 and e.environment_id = $2 and e.project_id = $3 and e.deleted_at is null
            """;
    private static final String PREVIOUS_BY_NAME = PREVIOUS.formatted("s.name_key = $4");
    private static final String PREVIOUS_BY_ID = PREVIOUS.formatted("s.secret_id = $4");

    private final Database database;
    private final RowSeal seals;

    public PostgresProvidedStore(Database database, RowSeal seals) {
        this.database = database;
        this.seals = seals;
    }

    @Override
    public Future<@Nullable Found> find(Transaction transaction, Place place, String nameKey) {
        Tuple values = Tuple.of(place.orgId(), place.environmentId(), place.projectId(), nameKey);
        return transaction.query(FIND, values).map(PostgresProvidedStore::found);
    }

    @Override
    public Future<@Nullable Long> deleted(Transaction transaction, Place place, String nameKey, UUID providerId) {
        Tuple values = Tuple.of(place.orgId(), place.environmentId(), place.projectId(), nameKey, providerId);
        return transaction
                .query(DELETED, values)
                .map(rows -> rows.iterator().next().getLong("newest"));
    }

    @Override
    public Future<Boolean> add(Transaction transaction, Place place, SecretStore.Draft draft, UUID providerId) {
        Tuple values = Tuple.of(place.orgId(), draft.id(), place.projectId(), draft.name())
                .addString(Names.key(draft.name()))
                .addString(draft.secretType())
                .addString(draft.createdBy())
                .addUUID(providerId);
        return transaction.query(ADD, values).map(added -> added.rowCount() == 1);
    }

    @Override
    public Future<Void> note(Transaction transaction, Place place, Note note) {
        @Nullable Instant until = note.previousUntil();
        Tuple values =
                Tuple.of(place.orgId(), place.environmentId(), note.secretId()).addLong(note.providerVersion());
        values = until == null
                ? values.addLong(null).addOffsetDateTime(null).addBuffer(null)
                : values.addLong(note.version() - 1)
                        .addOffsetDateTime(until.atOffset(ZoneOffset.UTC))
                        .addBuffer(Buffer.buffer(seal(place, note.secretId(), note.version() - 1, until)
                                .seal()));
        return transaction.query(NOTE, values.addUUID(note.providerId())).mapEmpty();
    }

    @Override
    public Future<List<ProvidedSecrets.Spot>> spots(
            Transaction transaction, UUID orgId, ProvidedSecrets.Sought sought) {
        Tuple values = Tuple.of(orgId, sought.providerId(), sought.project(), sought.nameKey());
        return transaction.query(SPOTS, values).map(rows -> {
            List<ProvidedSecrets.Spot> spots = new ArrayList<>();
            rows.forEach(row ->
                    spots.add(new ProvidedSecrets.Spot(row.getUUID("project_id"), row.getUUID("environment_id"))));
            return spots;
        });
    }

    @Override
    public Future<Boolean> hand(
            Transaction transaction, Secret secret, @Nullable UUID providerId, @Nullable UUID below) {
        Tuple values = Tuple.of(secret.orgId(), secret.id()).addUUID(providerId).addUUID(below);
        return transaction.query(HAND, values).map(done -> done.rowCount() == 1);
    }

    @Override
    public Future<@Nullable SealedValue> previous(Place place, SecretKey key) {
        Tuple values = Tuple.of(place.orgId(), place.environmentId(), place.projectId())
                .addValue(key.byName() ? key.text() : UUID.fromString(key.text()));
        return database.query(place.orgId(), key.byName() ? PREVIOUS_BY_NAME : PREVIOUS_BY_ID, values)
                .map(rows -> rows.size() == 0
                        ? null
                        : previous(place, rows.iterator().next()));
    }

    /** Of a revoked secret the value without an envelope: its refusal says that it was revoked. */
    private @Nullable SealedValue previous(Place place, Row row) {
        UUID secretId = row.getUUID("secret_id");
        boolean client = row.getString("encryption_mode").equals("client");
        boolean revoked = row.getBoolean("revoked");
        Head head = new Head(place.orgId(), place.environmentId(), secretId, row.getLong("current_version"));
        checkSeal(place, secretId, head.seal(seals, client, revoked), row.getBuffer("seal"));
        @Nullable Buffer envelope = row.getBuffer("envelope");
        if (envelope == null && !revoked) {
            return null;
        }
        @Nullable Long version = row.getLong("previous_version");
        if (version != null) {
            Instant until = instant(Objects.requireNonNull(row.getOffsetDateTime("previous_until")));
            checkSeal(place, secretId, seal(place, secretId, version, until), row.getBuffer("previous_seal"));
        }
        return new SealedValue(
                secretId,
                Objects.requireNonNull(row.getString("name")),
                version == null ? head.version() : version,
                envelope == null ? null : envelope.getBytes(),
                client,
                revoked,
                row.getLong("environment_version"));
    }

    private static void checkSeal(Place place, UUID secretId, RowSeal.Row sealed, @Nullable Buffer seal) {
        if (seal == null || !sealed.verify(seal.getBytes())) {
            LOG.atError()
                    .addKeyValue("orgId", place.orgId())
                    .addKeyValue("secretId", secretId)
                    .log("alarm: head of a secret does not fit its seal");
            throw new SealBroken();
        }
    }

    private RowSeal.Row seal(Place place, UUID secretId, long version, Instant until) {
        return seals.fields("previous.1")
                .add(place.orgId())
                .add(place.environmentId())
                .add(secretId)
                .add(version)
                .add(until.toString());
    }

    private static @Nullable Found found(RowSet<Row> rows) {
        if (rows.size() == 0) {
            return null;
        }
        Row row = rows.iterator().next();
        return new Found(
                row.getUUID("secret_id"),
                Objects.requireNonNull(row.getString("name")),
                row.getUUID("provider_id"),
                row.getString("encryption_mode").equals("client"),
                row.getLong("version"),
                row.getBoolean("revoked"),
                row.getLong("provider_version"),
                instant(row.getOffsetDateTime("now")));
    }

    private static Instant instant(OffsetDateTime time) {
        return time.withOffsetSameInstant(ZoneOffset.UTC).toInstant();
    }
}
