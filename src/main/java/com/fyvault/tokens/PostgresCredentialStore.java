package com.fyvault.tokens;

import com.fyvault.crypto.RowSeal;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Everywhere;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Credentials in PostgreSQL. Each row is sealed, so that a writer to the table cannot make or widen a token. */
public final class PostgresCredentialStore implements CredentialStore {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresCredentialStore.class);

    /** A chain is at most this deep; minting refuses a deeper one. */
    public static final int DEEPEST = 4;

    /** The columns of {@link #credential}; every query over credentials selects these. */
    public static final String COLUMNS = "org_id, credential_id, token_hash, kind, label, last4, scopes, project_ids,"
            + " environment_ids, secret_patterns, cidrs, limits::text as limits, owner_user_id, owner_team_id, parent_id,"
            + " parent_token,"
            + " created_by, created_at, expires_at, revoked_at, last_used_at, seal";

    // The token's hash is the tenant's key here: it is how a request says which organization it is of.
    private static final String FIND = """
            with recursive chain as (
                select c.*, 1 as depth from credential c where c.token_hash = $1
                union all
                select p.*, chain.depth + 1 from credential p
                  join chain on p.org_id = chain.org_id and p.credential_id = chain.parent_id
                 where chain.depth < %d
            )
            select %s, o.auth_epoch, o.locked_at, o.policy_key_days, o.policy_second_factor, o.policy_cidrs, o.policy_seal,
                   m.*, t.*, (extract(epoch from clock_timestamp()) * 1000000)::bigint as now_micros
              from chain join org o using (org_id)
              left join (select y.org_id as member_of, y.user_id as member, %s from membership y) m
                on m.member_of = o.org_id and m.member = chain.owner_user_id
              left join (select x.org_id as team_of, x.team_id as team, %s from team x) t
                on t.team_of = o.org_id and t.team = chain.owner_team_id
             where o.deleted_at is null
             order by depth
            """.formatted(
                    DEEPEST + 1,
                    COLUMNS.replace("created_at", "chain.created_at").replace("org_id,", "chain.org_id,"),
                    PostgresRoles.columns("y", "member_"),
                    PostgresRoles.columns("x", "team_"));

    private static final String CHANGED = """
            select o.auth_epoch, o.changed_epoch > $2 as everything, c.credential_id, c.token_hash, c.kind,
                   exists (select from credential d where d.org_id = c.org_id and d.parent_id = c.credential_id)
                       as has_children
              from org o
              left join credential c on c.org_id = o.org_id and c.changed_epoch > $2
             where o.org_id = $1
            union all
            select o.auth_epoch, false, m.user_id, null, 'OWNER', true
              from org o join membership m on m.org_id = o.org_id and m.changed_epoch > $2
             where o.org_id = $1
            union all
            select o.auth_epoch, false, t.team_id, null, 'OWNER', true
              from org o join team t on t.org_id = o.org_id and t.changed_epoch > $2
             where o.org_id = $1
             limit %d
            """.formatted(MOST_CHANGES + 1);

    private final Database database;
    private final Everywhere everywhere;
    private final RowSeal seals;

    public PostgresCredentialStore(Database database, RowSeal seals) {
        this.database = database;
        this.everywhere = database.everywhere();
        this.seals = seals;
    }

    @Override
    public Future<@Nullable Found> find(TokenHash hash) {
        return everywhere.query(FIND, Tuple.of(Buffer.buffer(hash.toBytes()))).map(this::found);
    }

    @Override
    public Future<Changes> changedSince(UUID orgId, long sinceEpoch) {
        return database.query(orgId, CHANGED, Tuple.of(orgId, sinceEpoch)).map(rows -> {
            List<TokenHash> sessions = new ArrayList<>();
            List<UUID> keys = new ArrayList<>();
            long epoch = sinceEpoch;
            boolean everything = rows.size() > MOST_CHANGES;
            for (Row row : rows) {
                epoch = row.getLong("auth_epoch");
                everything |= row.getBoolean("everything");
                @Nullable String kind = row.getString("kind");
                boolean brief = TokenKind.SESSION.name().equals(kind)
                        || TokenKind.LOGIN.name().equals(kind);
                if (brief) {
                    sessions.add(TokenHash.of(row.getBuffer("token_hash").getBytes()));
                }
                // Most sessions have nothing below them, and a cut is remembered: only where it is needed.
                if (kind != null && (!brief || Boolean.TRUE.equals(row.getBoolean("has_children")))) {
                    keys.add(row.getUUID("credential_id"));
                }
            }
            if (epoch < sinceEpoch) {
                LOG.atError().addKeyValue("orgId", orgId).log("alarm: auth_epoch went backwards");
                throw Refusal.of(ErrorCode.INTERNAL);
            }
            return new Changes(epoch, sessions, keys, everything);
        });
    }

    /**
     * Whether what a token made may stand no longer: it was revoked or rolled, or one that it descends from was, or is there no more.
     * That it has expired takes nothing away. In a transaction of its organization, which the query sees nothing beyond.
     */
    public Future<Boolean> isRevoked(Transaction transaction, TokenHash hash) {
        return transaction
                .query(FIND, Tuple.of(Buffer.buffer(hash.toBytes())))
                .map(this::found)
                .map(found -> found == null
                        || Links.rolledAway(found.chain())
                        || found.chain().stream().anyMatch(link -> link.revokedAt() != null));
    }

    private @Nullable Found found(RowSet<Row> rows) {
        List<Credential> chain = new ArrayList<>();
        Standing standing = Standing.FULL;
        long epoch = 0;
        long now = 0;
        for (Row row : rows) {
            Credential link = verified(row, seals);
            chain.add(link);
            standing = cut(standing, link, row);
            epoch = row.getLong("auth_epoch");
            now = row.getLong("now_micros");
        }
        if (chain.isEmpty()) {
            return null;
        }
        boolean cut = chain.size() > DEEPEST || chain.get(chain.size() - 1).parentId() != null;
        if (cut) {
            throw Refusal.of(ErrorCode.TOKEN_INVALID);
        }
        return new Found(chain, standing, epoch, now);
    }

    /** What the organization and the owner of a link leave. A session has what it was minted from, and so the owner of that. */
    private Standing cut(Standing standing, Credential link, Row row) {
        if (row.getOffsetDateTime("locked_at") != null) {
            return standing.locked();
        }
        UUID orgId = link.orgId();
        Standing asked = standing.under(PostgresRoles.policy(row, seals, orgId));
        if (link.kind() == TokenKind.SESSION && link.parentId() != null) {
            return asked;
        }
        if (link.ownerUserId() != null) {
            if (row.getString("member_role") == null) {
                return asked.in(Role.NONE);
            }
            Membership member = new PostgresRoles(seals, "member_").member(row, orgId, link.ownerUserId());
            asked = asked.in(member.role(), member.projects());
        }
        if (link.ownerTeamId() != null) {
            if (row.getString("team_role") == null) {
                return asked.in(Role.NONE);
            }
            Team team = new PostgresRoles(seals, "team_").team(row, orgId, link.ownerTeamId());
            asked = asked.in(team.role(), team.projects());
        }
        return asked;
    }

    /** Reads a row of {@link #COLUMNS} and refuses it, with an alarm, when its seal does not fit. */
    public static Credential verified(Row row, RowSeal seals) {
        Credential credential = credential(row);
        byte[] seal = row.getBuffer("seal").getBytes();
        if (!sealOf(credential, seals).verify(seal)) {
            LOG.atError()
                    .addKeyValue("orgId", credential.orgId())
                    .addKeyValue("credentialId", credential.id())
                    .log("alarm: credential row does not fit its seal");
            throw Refusal.of(ErrorCode.SEALED_VALUE_REFUSED);
        }
        return credential;
    }

    /** The fields that a writer to the table must not be able to change. */
    public static RowSeal.Row sealOf(Credential c, RowSeal seals) {
        // A person's row keeps the seal that it had before there were teams.
        RowSeal.Row row = c.ownerTeamId() == null
                ? seals.fields("credential.1")
                : seals.fields("credential.2").add(c.ownerTeamId());
        return row.add(c.orgId())
                .add(c.id())
                .add(c.hash().toBytes())
                .add(c.kind().name())
                .add(c.scopes().names())
                .add(texts(c.reach().projectIds()))
                .add(texts(c.reach().environmentIds()))
                .add(c.reach().secretPatterns())
                .add(c.reach().cidrs())
                .add(c.limits())
                .add(c.ownerUserId() == null ? null : c.ownerUserId().toString())
                .add(c.parentId() == null ? null : c.parentId().toString())
                .add(c.parentToken() == null ? null : c.parentToken().toBytes())
                .add(c.createdBy())
                .add(c.expiresAt() == null ? null : c.expiresAt().toString())
                .add(c.revokedAt() == null ? "live" : "revoked");
    }

    private static List<String> texts(List<UUID> ids) {
        return ids.stream().map(UUID::toString).toList();
    }

    private static Credential credential(Row row) {
        Reach reach = new Reach(
                Arrays.asList(row.getArrayOfUUIDs("project_ids")),
                Arrays.asList(row.getArrayOfUUIDs("environment_ids")),
                Arrays.asList(row.getArrayOfStrings("secret_patterns")),
                Arrays.asList(row.getArrayOfStrings("cidrs")));
        return new Credential(
                row.getUUID("org_id"),
                row.getUUID("credential_id"),
                TokenHash.of(row.getBuffer("token_hash").getBytes()),
                TokenKind.valueOf(row.getString("kind")),
                row.getString("label"),
                row.getString("last4"),
                ScopeSet.parse(Arrays.asList(row.getArrayOfStrings("scopes"))),
                reach,
                row.getString("limits"),
                row.getUUID("owner_user_id"),
                row.getUUID("owner_team_id"),
                row.getUUID("parent_id"),
                hashOrNull(row.getBuffer("parent_token")),
                row.getString("created_by"),
                instant(row.getOffsetDateTime("created_at")),
                instantOrNull(row.getOffsetDateTime("expires_at")),
                instantOrNull(row.getOffsetDateTime("revoked_at")),
                instantOrNull(row.getOffsetDateTime("last_used_at")));
    }

    private static @Nullable TokenHash hashOrNull(@Nullable Buffer bytes) {
        return bytes == null ? null : TokenHash.of(bytes.getBytes());
    }

    private static java.time.Instant instant(OffsetDateTime time) {
        return time.withOffsetSameInstant(ZoneOffset.UTC).toInstant();
    }

    public static java.time.@Nullable Instant instantOrNull(@Nullable OffsetDateTime time) {
        return time == null ? null : instant(time);
    }
}
