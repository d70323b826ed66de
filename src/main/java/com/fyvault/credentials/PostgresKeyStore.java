package com.fyvault.credentials;

import com.fyvault.crypto.RowSeal;
import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Credential;
import com.fyvault.tokens.PostgresCredentialStore;
import com.fyvault.tokens.TokenKind;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Credentials in PostgreSQL, for those who administer them. Every row is sealed. */
public final class PostgresKeyStore implements KeyStore {
    private static final int DEEPEST = PostgresCredentialStore.DEEPEST;
    private static final String ADD = """
            insert into credential (org_id, credential_id, token_hash, kind, label, last4, scopes, project_ids,
                                    environment_ids, secret_patterns, cidrs, limits, owner_user_id, parent_id,
                                    parent_token, created_by, created_at, expires_at, changed_epoch, seal, owner_team_id)
            select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::text::jsonb, $13, $14, $15, $16, $17, $18,
                   auth_epoch, $19, $20
              from org where org_id = $1
            """;
    private static final String COUNT_KEYS = """
            select count(*) as taken, clock_timestamp() as now
              from (select 1 from credential
                     where org_id = $1 and kind = any('{API_KEY,TEST_KEY,PUBLIC_KEY}') and revoked_at is null
                     limit $2) keys
            """;
    private static final String COUNT_KIND = """
            select count(*) as taken, clock_timestamp() as now
              from (select 1 from credential
                     where org_id = $1 and kind = $2 and revoked_at is null
                       and coalesce(expires_at > clock_timestamp(), true)
                     limit $3) kind
            """;
    private static final String HOLD =
            "select 1 from credential where org_id = $1 and credential_id = $2 for no key update";
    private static final String COUNT_SESSIONS = """
            select count(*) as taken, clock_timestamp() as now
              from (select 1 from credential
                     where org_id = $1 and parent_id = $2 and parent_token = $3 and kind = 'SESSION'
                       and expires_at > clock_timestamp() and revoked_at is null
                     limit $4) sessions
            """;
    private static final String STANDING = "select " + PostgresCredentialStore.COLUMNS + """
            , line.ancestors, (select k.found_at from leak k where k.org_id = c.org_id and k.credential_id = c.credential_id) as leaked_at,
                   c.revoked_at is null and coalesce(c.expires_at > clock_timestamp(), true)
                   and line.upheld and not line.rolled as active
              from credential c
              cross join lateral (
                with recursive up as (
                    select a.*, 1 as depth from credential a
                     where a.org_id = c.org_id and a.credential_id = c.parent_id
                    union all
                    select a.*, up.depth + 1 from credential a
                      join up on a.org_id = up.org_id and a.credential_id = up.parent_id
                     where up.depth < %d
                )
                select coalesce(array_agg(up.credential_id order by up.depth), '{}') as ancestors,
                       coalesce(bool_and(up.revoked_at is null
                                         and coalesce(up.expires_at > clock_timestamp(), true)), true) as upheld,
                       coalesce(bool_or(up.depth = 1 and up.token_hash <> c.parent_token), false) as rolled
                  from up
              ) line
             where c.org_id = $1\s""".formatted(DEEPEST);
    private static final String FIND = STANDING + "and c.credential_id = $2 and c.kind = any($3)";
    private static final String KEYS = STANDING + """
            and c.kind = any('{API_KEY,TEST_KEY,PUBLIC_KEY}')
               and ($2::uuid is null or c.credential_id = $2 or $2 = any(line.ancestors)) and ($3::uuid is null or c.credential_id < $3)
               and ($5 or (c.revoked_at is null and line.upheld))
             order by c.credential_id desc limit $4
            """;
    private static final String OWNED = STANDING + """
            and c.kind = any('{API_KEY,TEST_KEY,PUBLIC_KEY}') and (c.owner_user_id = $2 or c.owner_team_id = $2)
               and c.revoked_at is null and line.upheld and ($4::uuid is null or c.credential_id < $4)
             order by c.credential_id desc limit $3
            """;
    // What a session has made hangs on the token of the key that the session was minted with.
    private static final String OF_KIND = STANDING + """
            and c.kind = $6
               and ($2::uuid is null or c.credential_id = $2 or $2 = any(line.ancestors))
               and ($3::uuid is null or c.credential_id < $3)
               and ($5 or (c.revoked_at is null and coalesce(c.expires_at > clock_timestamp(), true) and line.upheld
                           and not exists (
                               select 1 from credential s
                                 join credential k on k.org_id = s.org_id and k.credential_id = s.parent_id
                                where s.org_id = c.org_id and s.credential_id = c.parent_id
                                  and s.parent_token <> k.token_hash)))
             order by c.credential_id desc limit $4
            """;
    // Ids follow time and a session lives a day at most: the bound keeps the dead ones of a month out of the scan.
    private static final String SESSION_PAGE = STANDING + """
            and c.kind = 'SESSION' and c.revoked_at is null and c.expires_at > clock_timestamp()
               and c.credential_id > (lpad(to_hex(((extract(epoch from clock_timestamp()) - 172800) * 1000)::bigint),
                                           12, '0') || repeat('0', 20))::uuid
               and %s
               and ($3::uuid is null or c.credential_id < $3)
               and ($5 or (line.upheld and not line.rolled))
             order by c.credential_id desc limit $4
            """;
    private static final String SESSIONS = SESSION_PAGE.formatted("$2::uuid is null");
    private static final String SESSIONS_BELOW = SESSION_PAGE.formatted("""
            c.parent_id in (
                with recursive down as (
                    select $2::uuid as id, 1 as depth
                    union all
                    select k.credential_id, down.depth + 1 from credential k join down on k.parent_id = down.id
                     where k.org_id = $1 and k.kind <> 'SESSION' and down.depth < %d
                ) select id from down)
            """.formatted(DEEPEST));
    private static final String RELABEL = "update credential set label = $3 where org_id = $1 and credential_id = $2";
    // One row, however many descend from it: what it allows its children is asked of it whenever they are decided on.
    private static final String CHANGE = """
            with raised as (
                update org set auth_epoch = auth_epoch + 1 where org_id = $1 returning auth_epoch
            ), changed as (
                update credential c
                   set token_hash = $3, label = $4, last4 = $5, scopes = $6, project_ids = $7, environment_ids = $8,
                       secret_patterns = $9, cidrs = $10, expires_at = $11, revoked_at = $12,
                       revoked_by = case when $12::timestamptz is null then null else $13 end,
                       seal = $14, limits = $15::text::jsonb, changed_epoch = raised.auth_epoch
                  from raised where c.org_id = $1 and c.credential_id = $2
            )
            select auth_epoch from raised
            """;

    private final Database database;
    private final RowSeal seals;

    public PostgresKeyStore(Database database, RowSeal seals) {
        this.database = database;
        this.seals = seals;
    }

    @Override
    public Future<Void> add(Transaction transaction, Credential c) {
        Tuple values = Tuple.tuple()
                .addUUID(c.orgId())
                .addUUID(c.id())
                .addBuffer(Buffer.buffer(c.hash().toBytes()))
                .addString(c.kind().name())
                .addString(c.label())
                .addString(c.last4());
        values = addReach(values, c)
                .addString(c.limits())
                .addUUID(c.ownerUserId())
                .addUUID(c.parentId())
                .addBuffer(
                        c.parentToken() == null
                                ? null
                                : Buffer.buffer(c.parentToken().toBytes()))
                .addString(c.createdBy())
                .addOffsetDateTime(time(c.createdAt()))
                .addOffsetDateTime(time(c.expiresAt()))
                .addBuffer(sealOf(c))
                .addUUID(c.ownerTeamId());
        return transaction.query(ADD, values).mapEmpty();
    }

    @Override
    public Future<Room> roomForKey(Transaction transaction, UUID orgId, int most) {
        return transaction.query(COUNT_KEYS, Tuple.of(orgId, most)).map(PostgresKeyStore::room);
    }

    @Override
    public Future<Room> roomForKind(Transaction transaction, UUID orgId, TokenKind kind, int most) {
        return transaction.query(COUNT_KIND, Tuple.of(orgId, kind.name(), most)).map(PostgresKeyStore::room);
    }

    @Override
    public Future<Room> roomForSession(Transaction transaction, Credential parent, int most) {
        Tuple counted = Tuple.of(parent.orgId(), parent.id())
                .addBuffer(Buffer.buffer(parent.hash().toBytes()))
                .addInteger(most);
        // Two statements: the second one's snapshot is taken when the row is held, so it sees who held it before.
        return transaction
                .query(HOLD, Tuple.of(parent.orgId(), parent.id()))
                .compose(held -> transaction.query(COUNT_SESSIONS, counted))
                .map(PostgresKeyStore::room);
    }

    @Override
    public Future<@Nullable Standing> find(UUID orgId, UUID id, Set<TokenKind> kinds) {
        return database.query(orgId, FIND, named(orgId, id, kinds)).map(this::first);
    }

    @Override
    public Future<@Nullable Standing> find(Transaction transaction, UUID orgId, UUID id, Set<TokenKind> kinds) {
        return transaction.query(FIND, named(orgId, id, kinds)).map(this::first);
    }

    @Override
    public Future<List<Standing>> keys(Page page) {
        return database.query(page.orgId(), KEYS, page(page)).map(this::all);
    }

    @Override
    public Future<List<Standing>> owned(OwnedKeys.Owner owner, @Nullable UUID after, int most) {
        @Nullable UUID id = owner.teamId() == null ? owner.userId() : owner.teamId();
        return database.query(owner.orgId(), OWNED, Tuple.of(owner.orgId(), id, most, after))
                .map(this::all);
    }

    @Override
    public Future<List<Standing>> ofKind(Page page, TokenKind kind) {
        return database.query(page.orgId(), OF_KIND, page(page).addString(kind.name()))
                .map(this::all);
    }

    @Override
    public Future<List<Standing>> sessions(Page page) {
        return database.query(page.orgId(), page.below() == null ? SESSIONS : SESSIONS_BELOW, page(page))
                .map(this::all);
    }

    @Override
    public Future<Void> relabel(Transaction transaction, Credential c) {
        return transaction
                .query(RELABEL, Tuple.of(c.orgId(), c.id(), c.label()))
                .mapEmpty();
    }

    @Override
    public Future<Long> change(Transaction transaction, Credential after, String actor) {
        Tuple values = Tuple.tuple()
                .addUUID(after.orgId())
                .addUUID(after.id())
                .addBuffer(Buffer.buffer(after.hash().toBytes()))
                .addString(after.label())
                .addString(after.last4());
        values = addReach(values, after)
                .addOffsetDateTime(time(after.expiresAt()))
                .addOffsetDateTime(time(after.revokedAt()))
                .addString(actor)
                .addBuffer(sealOf(after))
                .addString(after.limits());
        return transaction
                .query(CHANGE, values)
                .map(rows -> rows.iterator().next().getLong("auth_epoch"));
    }

    private @Nullable Standing first(RowSet<Row> rows) {
        return rows.size() == 0 ? null : standing(rows.iterator().next());
    }

    private List<Standing> all(RowSet<Row> rows) {
        return StreamSupport.stream(rows.spliterator(), false)
                .map(this::standing)
                .toList();
    }

    private Standing standing(Row row) {
        return new Standing(
                PostgresCredentialStore.verified(row, seals),
                List.of(row.getArrayOfUUIDs("ancestors")),
                row.getBoolean("active"),
                PostgresCredentialStore.instantOrNull(row.getOffsetDateTime("leaked_at")));
    }

    private Buffer sealOf(Credential credential) {
        return Buffer.buffer(PostgresCredentialStore.sealOf(credential, seals).seal());
    }

    private static Tuple addReach(Tuple values, Credential c) {
        return values.addArrayOfString(c.scopes().names().toArray(String[]::new))
                .addArrayOfUUID(c.reach().projectIds().toArray(UUID[]::new))
                .addArrayOfUUID(c.reach().environmentIds().toArray(UUID[]::new))
                .addArrayOfString(c.reach().secretPatterns().toArray(String[]::new))
                .addArrayOfString(c.reach().cidrs().toArray(String[]::new));
    }

    private static Tuple named(UUID orgId, UUID id, Set<TokenKind> kinds) {
        return Tuple.of(orgId, id)
                .addArrayOfString(kinds.stream().map(TokenKind::name).toArray(String[]::new));
    }

    private static Tuple page(Page page) {
        return Tuple.of(page.orgId(), page.below(), page.after(), page.limit(), page.revoked());
    }

    private static Room room(RowSet<Row> rows) {
        Row row = rows.iterator().next();
        return new Room(row.getLong("taken"), row.getOffsetDateTime("now").toInstant());
    }

    private static @Nullable OffsetDateTime time(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }
}
