package com.fyvault.people;

import com.fyvault.crypto.RowSeal;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Everywhere;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.ClientAddress;
import com.fyvault.tokens.PostgresRoles;
import com.fyvault.tokens.Role;
import com.fyvault.tokens.TokenHash;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logins in PostgreSQL. Each row is sealed, so that a writer to the table cannot log anybody in. */
public final class PostgresLoginSessions implements LoginSessions {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresLoginSessions.class);

    private static final String COLUMNS = "s.session_id, s.user_id, s.token_hash, s.cookie, s.signed_in_at,"
            + " s.stepped_up_at, s.last_seen_at, s.expires_at, s.ended_at, s.address, s.agent, s.seal";
    private static final String ADD = """
            insert into login_session (session_id, user_id, token_hash, cookie, signed_in_at, stepped_up_at, last_seen_at,
                                       expires_at, address, agent, seal)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            """;
    private static final String FIND = "select " + COLUMNS + ", " + PostgresAccounts.COLUMNS
            + ", clock_timestamp() as now from login_session s join account a on a.user_id = s.user_id"
            + " where s.token_hash = $1";
    private static final String HOLD = FIND + " for no key update of s";
    // Not more than once in a while: a page asks for many things at once.
    private static final String SEEN = """
            update login_session set last_seen_at = clock_timestamp()
             where session_id = $1 and ended_at is null and last_seen_at < clock_timestamp() - interval '30 seconds'
            """;
    private static final String LIVE = "select " + COLUMNS + " from login_session s where s.user_id = $1"
            + " and s.ended_at is null and s.expires_at > clock_timestamp()";
    private static final String LIST = LIVE + " order by s.session_id desc limit " + MOST_LISTED;
    private static final String HOLD_LIVE =
            LIVE + " and ($2::uuid is null or s.session_id = $2) order by s.session_id for no key update";
    private static final String ONE = "select " + COLUMNS + ", clock_timestamp() as now from login_session s"
            + " where s.user_id = $1 and s.session_id = $2 and s.ended_at is null and s.expires_at > clock_timestamp()";
    private static final String CHANGE = """
            update login_session set token_hash = $2, stepped_up_at = $3, ended_at = $4, seal = $5 where session_id = $1
            """;
    private static final String ENTRIES =
            "select org_id, credential_id from login_entry where session_id = any($1) order by org_id, credential_id";
    private static final String FORGET_ENTRIES = "delete from login_entry where session_id = $1";
    private static final String ENTER = """
            insert into login_entry (session_id, org_id, credential_id) values ($1, $2, $3) on conflict do nothing
            """;
    private static final String MEMBER = """
            select %s from membership m join org o on o.org_id = m.org_id
             where m.org_id = $1 and m.user_id = $2 and o.deleted_at is null
            """.formatted(PostgresRoles.columns("m", ""));
    private static final String POLICY = """
            select policy_key_days, policy_second_factor, policy_cidrs, policy_seal from org where org_id = $1 for share
            """;

    private final Database database;
    private final Everywhere everywhere;
    private final RowSeal seals;

    public PostgresLoginSessions(Database database, RowSeal seals) {
        this.database = database;
        this.everywhere = database.everywhere();
        this.seals = seals;
    }

    @Override
    public Future<Void> add(Transaction transaction, LoginSession session) {
        Tuple values = Tuple.of(session.id(), session.userId(), bytes(session.token()), session.cookie())
                .addOffsetDateTime(time(session.signedInAt()))
                .addOffsetDateTime(time(session.steppedUpAt()))
                .addOffsetDateTime(time(session.lastSeenAt()))
                .addOffsetDateTime(time(session.expiresAt()))
                .addBuffer(
                        session.address() == null
                                ? null
                                : Buffer.buffer(session.address().bytes()))
                .addString(session.agent())
                .addBuffer(Buffer.buffer(session.sealOf(seals).seal()));
        return transaction.query(ADD, values).mapEmpty();
    }

    @Override
    public Future<@Nullable Visit> find(TokenHash token) {
        return database.query(FIND, Tuple.of(bytes(token))).map(this::visit);
    }

    @Override
    public Future<@Nullable Visit> hold(Transaction transaction, TokenHash token) {
        return transaction.query(HOLD, Tuple.of(bytes(token))).map(this::visit);
    }

    @Override
    public Future<Void> seen(Transaction transaction, UUID sessionId) {
        return transaction.query(SEEN, Tuple.of(sessionId)).mapEmpty();
    }

    @Override
    public Future<Void> seen(UUID sessionId) {
        return database.query(SEEN, Tuple.of(sessionId)).mapEmpty();
    }

    @Override
    public Future<List<LoginSession>> live(UUID userId) {
        return database.query(LIST, Tuple.of(userId)).map(this::sessions);
    }

    @Override
    public Future<List<LoginSession>> holdLive(Transaction transaction, UUID userId, @Nullable UUID only) {
        return transaction.query(HOLD_LIVE, Tuple.of(userId, only)).map(this::sessions);
    }

    @Override
    public Future<Boolean> steppedUpWithin(Transaction transaction, UUID userId, UUID sessionId, Duration time) {
        return transaction.query(ONE, Tuple.of(userId, sessionId)).map(rows -> {
            for (Row row : rows) {
                @Nullable Instant at = session(row).steppedUpAt();
                Instant now = row.getOffsetDateTime("now").toInstant();
                return at != null && !at.isAfter(now) && at.plus(time).isAfter(now);
            }
            return false;
        });
    }

    @Override
    public Future<Void> change(Transaction transaction, LoginSession session) {
        Tuple values = Tuple.of(session.id(), bytes(session.token()))
                .addOffsetDateTime(time(session.steppedUpAt()))
                .addOffsetDateTime(time(session.endedAt()))
                .addBuffer(Buffer.buffer(session.sealOf(seals).seal()));
        return transaction.query(CHANGE, values).mapEmpty();
    }

    @Override
    public Future<List<Entry>> entries(Transaction transaction, List<UUID> sessionIds) {
        Tuple asked = Tuple.tuple().addArrayOfUUID(sessionIds.toArray(UUID[]::new));
        return everywhere.query(transaction, ENTRIES, asked).map(rows -> {
            List<Entry> entries = new ArrayList<>(rows.size());
            rows.forEach(row -> entries.add(new Entry(row.getUUID("org_id"), row.getUUID("credential_id"))));
            return entries;
        });
    }

    @Override
    public Future<Void> forgetEntries(Transaction transaction, UUID sessionId) {
        return everywhere
                .query(transaction, FORGET_ENTRIES, Tuple.of(sessionId))
                .mapEmpty();
    }

    @Override
    public Future<Boolean> enter(Transaction transaction, UUID sessionId, Entry entry) {
        return transaction
                .query(ENTER, Tuple.of(sessionId, entry.orgId(), entry.credentialId()))
                .map(rows -> rows.rowCount() == 1);
    }

    @Override
    public Future<Boolean> isMember(Transaction transaction, UUID orgId, UUID userId) {
        return transaction.query(MEMBER, Tuple.of(orgId, userId)).map(rows -> {
            if (rows.size() == 0) {
                return false;
            }
            return new PostgresRoles(seals, "")
                            .member(rows.iterator().next(), orgId, userId)
                            .role()
                    != Role.NONE;
        });
    }

    @Override
    public Future<Boolean> asksForSecondFactor(Transaction transaction, UUID orgId) {
        return transaction
                .query(POLICY, Tuple.of(orgId))
                .map(rows -> PostgresRoles.policy(rows.iterator().next(), seals, orgId)
                        .secondFactor());
    }

    private @Nullable Visit visit(RowSet<Row> rows) {
        if (rows.size() == 0) {
            return null;
        }
        Row row = rows.iterator().next();
        return new Visit(
                session(row),
                PostgresAccounts.account(row, seals),
                row.getOffsetDateTime("now").toInstant());
    }

    private List<LoginSession> sessions(RowSet<Row> rows) {
        List<LoginSession> sessions = new ArrayList<>(rows.size());
        rows.forEach(row -> sessions.add(session(row)));
        return sessions;
    }

    private LoginSession session(Row row) {
        LoginSession session = new LoginSession(
                row.getUUID("session_id"),
                row.getUUID("user_id"),
                TokenHash.of(row.getBuffer("token_hash").getBytes()),
                row.getBoolean("cookie"),
                row.getOffsetDateTime("signed_in_at").toInstant(),
                instant(row.getOffsetDateTime("stepped_up_at")),
                row.getOffsetDateTime("last_seen_at").toInstant(),
                row.getOffsetDateTime("expires_at").toInstant(),
                instant(row.getOffsetDateTime("ended_at")),
                address(row.getBuffer("address")),
                row.getString("agent"));
        if (!session.sealOf(seals).verify(row.getBuffer("seal").getBytes())) {
            LOG.atError().addKeyValue("sessionId", session.id()).log("alarm: login row does not fit its seal");
            throw Refusal.of(ErrorCode.SEALED_VALUE_REFUSED);
        }
        return session;
    }

    private static @Nullable ClientAddress address(@Nullable Buffer bytes) {
        try {
            return bytes == null
                    ? null
                    : ClientAddress.of(
                            InetAddress.getByAddress(bytes.getBytes()).getAddress());
        } catch (UnknownHostException wrongLength) {
            return null;
        }
    }

    private static Buffer bytes(TokenHash hash) {
        return Buffer.buffer(hash.toBytes());
    }

    private static @Nullable OffsetDateTime time(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
        return time == null ? null : time.toInstant();
    }
}
