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
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
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
    // What a login has in organizations; a login that was in none is there by itself.
    private static final String LOGINS = """
            select s.session_id, s.user_id, s.token_hash as text_hash, c.org_id, c.credential_id, c.token_hash
              from login_session s
              left join (login_entry e
                         join credential c on c.org_id = e.org_id and c.credential_id = e.credential_id %s
                         join org o on o.org_id = c.org_id and o.deleted_at is null) on e.session_id = s.session_id
             where s.token_hash = any($1) %s
            """;
    private static final String ALL_LOGINS = LOGINS.formatted("", "");
    private static final String OWN_LOGINS = LOGINS.formatted("and c.org_id = $2", "and c.org_id = $2");
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
            insert into leak (org_id, leak_id, credential_id, secret_id, environment_id, version, item, item_id, print, url, source,
                              type, notice_id, reporter)
            select $1, v.*, v.id, $13
              from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::bigint[], $7::text[], $8::uuid[], $9::bytea[],
                          $10::text[], $11::text[], $12::text[])
                   as v(id, credential_id, secret_id, environment_id, version, item, item_id, print, url, source, type)
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
    public Future<Known> find(Asked asked) {
        return known(asked, null, everywhere::query);
    }

    @Override
    public Future<Known> find(Transaction transaction, UUID orgId, Asked asked) {
        return known(asked, orgId, transaction::query);
    }

    private Future<Known> known(Asked asked, @Nullable UUID own, PostgresLeakQuery query) {
        Future<List<Row>> tokens =
                query.rows(own == null ? TOKENS : OWN_TOKENS, PostgresLeakQuery.bytes(asked.hashes(Looks.TOKEN)), own);
        Future<List<Row>> values =
                query.rows(own == null ? ALL_VALUES : OWN_VALUES, PostgresLeakQuery.prints(asked.prints()), own);
        Future<List<Row>> logins = query.rows(
                own == null ? ALL_LOGINS : OWN_LOGINS, PostgresLeakQuery.bytes(asked.hashes(Looks.LOGIN)), own);
        Future<List<Item>> found = PostgresLeakItems.find(asked, own, query);
        return Future.all(tokens, values, logins, found).map(all -> {
            List<Token> known = new ArrayList<>();
            tokens.result().forEach(row -> known.add(token(row, "token_hash")));
            logins.result().stream()
                    .filter(row -> row.getUUID("credential_id") != null)
                    .forEach(row -> known.add(token(row, "text_hash")));
            return new Known(
                    known,
                    values.result().stream().map(PostgresLeakStore::value).toList(),
                    found.result(),
                    logins.result().stream()
                            .map(PostgresLeakStore::login)
                            .distinct()
                            .toList());
        });
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
                .addArrayOfString(each(
                        findings, f -> f.item() == null ? null : f.item().kind().text(), String[]::new))
                .addArrayOfUUID(
                        each(findings, f -> f.item() == null ? null : f.item().id(), UUID[]::new))
                .addArrayOfBuffer(each(findings, PostgresLeakStore::print, Buffer[]::new))
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
    public Future<Map<UUID, Boolean>> withdrawInvitations(Transaction transaction, UUID orgId, List<Item> invitations) {
        return PostgresLeakItems.withdraw(transaction, orgId, invitations);
    }

    @Override
    public Future<People> people(Transaction transaction, UUID orgId, Owners owners) {
        return people.find(transaction, orgId, owners);
    }

    private static <F, T> T[] each(
            List<F> all, Function<F, ? extends @Nullable T> part, java.util.function.IntFunction<T[]> array) {
        return all.stream().map(part).toArray(array);
    }

    private static @Nullable Buffer print(Finding finding) {
        @Nullable Item item = finding.item();
        return item == null || item.print() == null
                ? null
                : Buffer.buffer(HexFormat.of().parseHex(item.print()));
    }

    private static Token token(Row row, String text) {
        return new Token(
                row.getUUID("org_id"),
                row.getUUID("credential_id"),
                TokenHash.of(row.getBuffer("token_hash").getBytes()),
                TokenHash.of(row.getBuffer(text).getBytes()));
    }

    private static Login login(Row row) {
        return new Login(
                row.getUUID("user_id"),
                row.getUUID("session_id"),
                TokenHash.of(row.getBuffer("text_hash").getBytes()));
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
