package com.fyvault.leaks;

import com.fyvault.crypto.RowSeal;
import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Everywhere;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Credential;
import com.fyvault.tokens.PostgresCredentialStore;
import com.fyvault.tokens.TokenHash;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Leaks in PostgreSQL. A token and a role are believed only under their seals. */
public final class PostgresLeakStore implements LeakStore {
    /** Rows a statement: their seals take a millisecond or two of the event loop. */
    private static final int BATCH = 500;

    private static final String ACTOR = "leak";

    // Whose a text is that was found in public is what is asked here: of every organization.
    private static final String TOKENS = """
            select c.org_id, c.credential_id, c.token_hash
              from credential c join org o on o.org_id = c.org_id
             where c.token_hash = any($1) and o.deleted_at is null
            """;
    private static final String OWN_TOKENS = TOKENS + "and c.org_id = $2";
    private static final String VALUES = """
            select y.* from unnest($1::bytea[]) as p(print)
             cross join lateral (
                select z.* from (
                    select x.org_id, x.secret_id, x.environment_id, x.version, x.fingerprint, s.name as secret,
                           e.name as environment, e.project_id, e.is_default or e.name_key = 'production' as production,
                           row_number() over (partition by x.org_id order by x.secret_id, x.environment_id) as nth
                      from secret_version x
                      join secret_value v on v.org_id = x.org_id and v.environment_id = x.environment_id
                                         and v.secret_id = x.secret_id
                      join secret s on s.org_id = x.org_id and s.secret_id = x.secret_id
                      join environment e on e.org_id = x.org_id and e.environment_id = x.environment_id
                      join org o on o.org_id = x.org_id
                     where x.fingerprint = p.print %s and v.revoked_at is null and s.deleted_at is null
                       and e.deleted_at is null and o.deleted_at is null and x.version > v.revoked_through
                       and (v.current_version = x.version
                            or (v.previous_version = x.version and v.previous_until > clock_timestamp()))) z
                 where z.nth <= %d order by z.nth, z.org_id limit %d) y
             order by y.nth limit %d
            """;
    private static final String ALL_VALUES = VALUES.formatted("", MOST_OF_ORG, MOST_VALUES, MOST_OF_CALL);
    private static final String OWN_VALUES =
            VALUES.formatted("and x.org_id = $2", MOST_OF_ORG, MOST_VALUES, MOST_OF_CALL);
    private static final String HOLD = """
            select auth_epoch, changed_epoch, clock_timestamp() as now from org
             where org_id = $1 and deleted_at is null for no key update
            """;
    private static final String NOTE = """
            insert into leak (org_id, leak_id, credential_id, secret_id, environment_id, version, url, source, type, notice_id,
                              reporter)
            select $1, v.*, v.id, $10
              from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::bigint[], $7::text[], $8::text[], $9::text[])
                   as v(id, credential_id, secret_id, environment_id, version, url, source, type)
                on conflict do nothing returning leak_id
            """;
    private static final String CREDENTIALS = "select " + PostgresCredentialStore.COLUMNS + """
              from credential where org_id = $1 and credential_id = any($2)
             order by credential_id for no key update
            """;
    private static final String REVOKE = """
            with raised as (
                update org set auth_epoch = auth_epoch + 1,
                               changed_epoch = case when $6 then auth_epoch + 1 else changed_epoch end
                 where org_id = $1 returning auth_epoch
            ), ended as (
                update credential c set revoked_at = $4, revoked_by = $5, seal = v.seal, changed_epoch = raised.auth_epoch
                  from raised, unnest($2::uuid[], $3::bytea[]) as v(id, seal)
                 where c.org_id = $1 and c.credential_id = v.id
            )
            select auth_epoch from raised
            """;

    private final Everywhere everywhere;
    private final RowSeal seals;
    private final PostgresLeakPeople people;

    public PostgresLeakStore(Database database, RowSeal seals) {
        this.everywhere = database.everywhere();
        this.seals = seals;
        this.people = new PostgresLeakPeople(seals);
    }

    @Override
    public Future<Known> find(Set<TokenHash> hashes, Set<String> prints) {
        return known(
                asked(hashes, TokenHash::toBytes, sent -> everywhere.query(TOKENS, Tuple.of(sent))),
                asked(prints, HexFormat.of()::parseHex, sent -> everywhere.query(ALL_VALUES, Tuple.of(sent))));
    }

    @Override
    public Future<Known> find(Transaction transaction, UUID orgId, Set<TokenHash> hashes, Set<String> prints) {
        return known(
                asked(hashes, TokenHash::toBytes, sent -> transaction.query(OWN_TOKENS, Tuple.of(sent, orgId))),
                asked(prints, HexFormat.of()::parseHex, sent -> transaction.query(OWN_VALUES, Tuple.of(sent, orgId))));
    }

    private static Future<Known> known(Future<@Nullable RowSet<Row>> tokens, Future<@Nullable RowSet<Row>> values) {
        return Future.all(tokens, values)
                .map(both -> new Known(
                        each(tokens.result(), PostgresLeakStore::token),
                        each(values.result(), PostgresLeakStore::value)));
    }

    /** Null without anything to ask for. */
    private static <K> Future<@Nullable RowSet<Row>> asked(
            Set<K> keys, Function<K, byte[]> bytes, Function<Buffer[], Future<RowSet<Row>>> query) {
        return keys.isEmpty()
                ? Future.succeededFuture()
                : query.apply(keys.stream().map(bytes).map(Buffer::buffer).toArray(Buffer[]::new))
                        .map(rows -> rows);
    }

    private static <T> List<T> each(@Nullable RowSet<Row> rows, Function<Row, T> read) {
        if (rows == null) {
            return List.of();
        }
        List<T> found = new ArrayList<>(rows.size());
        rows.forEach(row -> found.add(read.apply(row)));
        return found;
    }

    @Override
    public Future<@Nullable Held> hold(Transaction transaction, UUID orgId) {
        return transaction.query(HOLD, Tuple.of(orgId)).map(rows -> {
            if (rows.size() == 0) {
                return null;
            }
            Row row = rows.iterator().next();
            return new Held(
                    row.getLong("auth_epoch"),
                    row.getLong("changed_epoch"),
                    row.getOffsetDateTime("now").toInstant());
        });
    }

    @Override
    public Future<Set<UUID>> note(Transaction transaction, UUID orgId, List<Finding> findings, String reporter) {
        Tuple values = Tuple.of(orgId)
                .addArrayOfUUID(each(findings, Finding::id, UUID[]::new))
                .addArrayOfUUID(
                        each(findings, f -> f.token() == null ? null : f.token().credentialId(), UUID[]::new))
                .addArrayOfUUID(
                        each(findings, f -> f.value() == null ? null : f.value().secretId(), UUID[]::new))
                .addArrayOfUUID(
                        each(findings, f -> f.value() == null ? null : f.value().environmentId(), UUID[]::new))
                .addArrayOfLong(
                        each(findings, f -> f.value() == null ? null : f.value().version(), Long[]::new))
                .addArrayOfString(each(findings, f -> f.report().url(), String[]::new))
                .addArrayOfString(each(findings, f -> f.report().source(), String[]::new))
                .addArrayOfString(each(findings, f -> f.report().kind(), String[]::new))
                .addString(reporter);
        return transaction.query(NOTE, values).map(rows -> {
            Set<UUID> fresh = new HashSet<>();
            rows.forEach(row -> fresh.add(row.getUUID("leak_id")));
            return fresh;
        });
    }

    @Override
    public Future<List<Credential>> credentials(Transaction transaction, UUID orgId, Collection<UUID> ids) {
        return credentials(transaction, orgId, List.copyOf(ids), new ArrayList<>());
    }

    private Future<List<Credential>> credentials(
            Transaction transaction, UUID orgId, List<UUID> left, List<Credential> found) {
        if (left.isEmpty()) {
            return Future.succeededFuture(found);
        }
        List<UUID> now = left.subList(0, Math.min(BATCH, left.size()));
        return transaction
                .query(CREDENTIALS, Tuple.of(orgId).addArrayOfUUID(now.toArray(UUID[]::new)))
                .compose(rows -> {
                    rows.forEach(row -> found.add(PostgresCredentialStore.verified(row, seals)));
                    return credentials(transaction, orgId, left.subList(now.size(), left.size()), found);
                });
    }

    @Override
    public Future<Long> revoke(Transaction transaction, Revocation revocation) {
        Instant now = revocation.now();
        List<Credential> credentials = revocation.credentials();
        Tuple values = Tuple.of(revocation.orgId())
                .addArrayOfUUID(each(credentials, Credential::id, UUID[]::new))
                .addArrayOfBuffer(each(credentials, c -> revoked(c, now), Buffer[]::new))
                .addOffsetDateTime(now.atOffset(ZoneOffset.UTC))
                .addString(ACTOR)
                .addBoolean(revocation.whole());
        return transaction
                .query(REVOKE, values)
                .map(rows -> rows.iterator().next().getLong("auth_epoch"));
    }

    private Buffer revoked(Credential credential, Instant now) {
        return Buffer.buffer(PostgresCredentialStore.sealOf(credential.withRevokedAt(now), seals)
                .seal());
    }

    @Override
    public Future<People> people(Transaction transaction, UUID orgId, Owners owners) {
        return people.find(transaction, orgId, owners);
    }

    private static <F, T> T[] each(
            List<F> all, Function<F, ? extends @Nullable T> part, java.util.function.IntFunction<T[]> array) {
        return all.stream().map(part).toArray(array);
    }

    private static Token token(Row row) {
        return new Token(
                row.getUUID("org_id"),
                row.getUUID("credential_id"),
                TokenHash.of(row.getBuffer("token_hash").getBytes()));
    }

    private static Value value(Row row) {
        return new Value(
                row.getUUID("org_id"),
                row.getUUID("secret_id"),
                row.getUUID("environment_id"),
                row.getLong("version"),
                HexFormat.of().formatHex(row.getBuffer("fingerprint").getBytes()),
                new Where(
                        row.getUUID("project_id"),
                        row.getString("secret"),
                        row.getString("environment"),
                        row.getBoolean("production")));
    }
}
