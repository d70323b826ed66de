package com.fyvault.members;

import com.fyvault.crypto.RowSeal;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Everywhere;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Membership;
import com.fyvault.tokens.PostgresCredentialStore;
import com.fyvault.tokens.PostgresRoles;
import com.fyvault.tokens.Role;
import com.fyvault.tokens.TokenHash;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Invitations in PostgreSQL. */
public final class PostgresInvitationStore implements InvitationStore {
    /** What begins the token in the mail. */
    public static final String PREFIX = Invitation.PREFIX;

    private static final Logger LOG = LoggerFactory.getLogger(PostgresInvitationStore.class);

    private static final String OPEN = "i.ended_at is null and i.expires_at > clock_timestamp()";
    private static final String SELECT = """
            select i.org_id, i.invitation_id, i.token_hash, i.email, i.mailbox, i.role, i.assigned_only, i.project_ids,
                   i.project_roles, i.team_ids, i.invited_by, i.invited_with, i.created_at, i.expires_at, i.seal, o.name as org_name,
                   clock_timestamp() as now
              from invitation i join org o on o.org_id = i.org_id
             where\s""" + OPEN;
    private static final String LIST = SELECT + """
             and i.org_id = $1 and ($2::uuid is null or i.invitation_id < $2)
             order by i.invitation_id desc limit $3
            """;
    private static final String FIND = SELECT + " and i.org_id = $1 and i.invitation_id = $2";
    // The token's hash is the tenant's key here: it is how a request says which organization it is about.
    private static final String FIND_BY_TOKEN =
            SELECT + " and i.token_hash = $1 and o.deleted_at is null and o.locked_at is null";
    private static final String REPLACE = """
            update invitation set ended_at = clock_timestamp(), outcome = 'replaced'
             where org_id = $1 and email = $2 and ended_at is null
            """;
    private static final String ROOM = """
            select o.name, clock_timestamp() as now,
                   exists (select from membership m join account a on a.user_id = m.user_id
                            where m.org_id = o.org_id and a.email = $2 and m.removed_at is null) as is_member,
                   (select count(*) from invitation i where i.org_id = o.org_id and %s) as open
              from org o where o.org_id = $1
            """.formatted(OPEN);
    private static final String ADD = """
            insert into invitation (org_id, invitation_id, token_hash, email, mailbox, role, assigned_only, project_ids,
                                    project_roles, team_ids, invited_by, invited_with, created_at, expires_at, seal)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
            """;
    private static final String RENEW = """
            update invitation i set token_hash = $3, invited_by = $4, invited_with = $5, expires_at = $6, seal = $7
             where i.org_id = $1 and i.invitation_id = $2
            """;
    private static final String END = """
            update invitation i set ended_at = clock_timestamp(), outcome = $4
             where i.org_id = $1 and i.invitation_id = $2 and i.token_hash = $3 and %s
            """.formatted(OPEN);
    private static final String HOLD = "select 1 from org where org_id = $1 for no key update";
    private static final String JOIN = """
            with raised as (update org set auth_epoch = auth_epoch + 1 where org_id = $1 returning auth_epoch)
            insert into membership (org_id, user_id, role, assigned_only, project_ids, project_roles, seal, changed_epoch)
            select $1, $2, $3, $4, $5, $6, $7, auth_epoch from raised
            on conflict (org_id, user_id) do update
               set role = excluded.role, assigned_only = excluded.assigned_only, project_ids = excluded.project_ids,
                   project_roles = excluded.project_roles, seal = excluded.seal,
                   changed_epoch = excluded.changed_epoch, created_at = clock_timestamp(), removed_at = null
             where membership.removed_at is not null
            """;

    private final Database database;
    private final Everywhere everywhere;
    private final RowSeal seals;
    private final PostgresCredentialStore keys;

    public PostgresInvitationStore(Database database, RowSeal seals) {
        this.database = database;
        this.everywhere = database.everywhere();
        this.seals = seals;
        this.keys = new PostgresCredentialStore(database, seals);
    }

    @Override
    public Future<List<Invitation>> list(UUID orgId, @Nullable UUID before, int limit) {
        return database.query(orgId, LIST, Tuple.of(orgId, before, limit)).map(rows -> {
            List<Invitation> all = new ArrayList<>(rows.size());
            rows.forEach(row -> all.add(verified(row)));
            return all;
        });
    }

    @Override
    public Future<Room> replace(Transaction transaction, UUID orgId, String email) {
        return transaction
                .query(REPLACE, Tuple.of(orgId, email))
                .compose(ended -> transaction.query(ROOM, Tuple.of(orgId, email)))
                .map(rows -> {
                    Row row = rows.iterator().next();
                    return new Room(
                            row.getString("name"),
                            row.getBoolean("is_member"),
                            row.getLong("open"),
                            row.getOffsetDateTime("now").toInstant());
                });
    }

    @Override
    public Future<Void> add(Transaction transaction, Invitation i) {
        Tuple values = Tuple.tuple()
                .addUUID(i.orgId())
                .addUUID(i.id())
                .addBuffer(Buffer.buffer(i.token().toBytes()))
                .addString(i.email())
                .addString(i.mailbox())
                .addString(i.grant().role().text())
                .addBoolean(i.grant().projects().assignedOnly())
                .addArrayOfUUID(i.grant().projects().ids().toArray(UUID[]::new))
                .addArrayOfString(i.grant().projects().texts().toArray(String[]::new))
                .addArrayOfUUID(i.teams().toArray(UUID[]::new))
                .addUUID(i.invitedBy())
                .addBuffer(bytes(i.invitedWith()))
                .addOffsetDateTime(i.createdAt().atOffset(ZoneOffset.UTC))
                .addOffsetDateTime(i.expiresAt().atOffset(ZoneOffset.UTC))
                .addBuffer(Buffer.buffer(i.sealOf(seals).seal()));
        return transaction.query(ADD, values).mapEmpty();
    }

    @Override
    public Future<@Nullable Open> find(Transaction transaction, UUID orgId, UUID id) {
        return transaction.query(FIND, Tuple.of(orgId, id)).map(this::first);
    }

    @Override
    public Future<@Nullable Open> find(TokenHash token) {
        return everywhere
                .query(FIND_BY_TOKEN, Tuple.of(Buffer.buffer(token.toBytes())))
                .map(this::first);
    }

    @Override
    public Future<Void> renew(Transaction transaction, Invitation i) {
        Tuple values = Tuple.of(i.orgId(), i.id())
                .addBuffer(Buffer.buffer(i.token().toBytes()))
                .addUUID(i.invitedBy())
                .addBuffer(bytes(i.invitedWith()))
                .addOffsetDateTime(i.expiresAt().atOffset(ZoneOffset.UTC))
                .addBuffer(Buffer.buffer(i.sealOf(seals).seal()));
        return transaction.query(RENEW, values).mapEmpty();
    }

    @Override
    public Future<Boolean> end(Transaction transaction, Invitation i, End how) {
        Tuple values = Tuple.of(i.orgId(), i.id())
                .addBuffer(Buffer.buffer(i.token().toBytes()))
                .addString(how.name().toLowerCase(Locale.ROOT));
        return transaction.query(END, values).map(rows -> rows.rowCount() == 1);
    }

    @Override
    public Future<Boolean> stands(Transaction transaction, TokenHash key) {
        return keys.isRevoked(transaction, key).map(revoked -> !revoked);
    }

    @Override
    public Future<Void> hold(Transaction transaction, UUID orgId) {
        return transaction.query(HOLD, Tuple.of(orgId)).mapEmpty();
    }

    @Override
    public Future<Boolean> join(Transaction transaction, Membership member) {
        Tuple values = Tuple.tuple()
                .addUUID(member.orgId())
                .addUUID(member.userId())
                .addString(member.role().text())
                .addBoolean(member.projects().assignedOnly())
                .addArrayOfUUID(member.projects().ids().toArray(UUID[]::new))
                .addArrayOfString(member.projects().texts().toArray(String[]::new))
                .addBuffer(Buffer.buffer(member.sealOf(seals).seal()));
        return transaction.query(JOIN, values).map(rows -> rows.rowCount() == 1);
    }

    private static @Nullable Buffer bytes(@Nullable TokenHash hash) {
        return hash == null ? null : Buffer.buffer(hash.toBytes());
    }

    private @Nullable Open first(RowSet<Row> rows) {
        if (rows.size() == 0) {
            return null;
        }
        Row row = rows.iterator().next();
        return new Open(
                verified(row),
                row.getString("org_name"),
                row.getOffsetDateTime("now").toInstant());
    }

    private Invitation verified(Row row) {
        UUID orgId = row.getUUID("org_id");
        Grants.Grant grant =
                new Grants.Grant(Role.of(row.getString("role")), PostgresRoles.projects(row, "", orgId, "invitation"));
        @Nullable Buffer with = row.getBuffer("invited_with");
        Invitation invitation = new Invitation(
                orgId,
                row.getUUID("invitation_id"),
                TokenHash.of(row.getBuffer("token_hash").getBytes()),
                row.getString("email"),
                row.getString("mailbox"),
                grant,
                List.of(row.getArrayOfUUIDs("team_ids")),
                row.getUUID("invited_by"),
                with == null ? null : TokenHash.of(with.getBytes()),
                row.getOffsetDateTime("created_at").toInstant(),
                row.getOffsetDateTime("expires_at").toInstant());
        if (!invitation.sealOf(seals).verify(row.getBuffer("seal").getBytes())) {
            LOG.atError().addKeyValue("orgId", orgId).log("alarm: invitation row does not fit its seal");
            throw Refusal.of(ErrorCode.SEALED_VALUE_REFUSED);
        }
        return invitation;
    }
}
