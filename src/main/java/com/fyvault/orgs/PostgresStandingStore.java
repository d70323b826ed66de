package com.fyvault.orgs;

import com.fyvault.crypto.RowSeal;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Membership;
import com.fyvault.tokens.Role;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Locks and roles in PostgreSQL. */
public final class PostgresStandingStore implements StandingStore {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresStandingStore.class);

    private static final String SET_LOCKED = """
            update org set locked_at = case when $2 then coalesce(locked_at, clock_timestamp()) end,
                           auth_epoch = auth_epoch + 1, changed_epoch = auth_epoch + 1
             where org_id = $1 and deleted_at is null returning auth_epoch
            """;
    private static final String FIND = """
            select m.user_id, m.role, m.seal
              from org o join membership m on m.org_id = o.org_id join account a on a.user_id = m.user_id
             where o.org_id = $1 and a.email = $2 and o.deleted_at is null
               for no key update of o, m
            """;
    private static final String OTHER_OWNERS =
            "select count(*) as others from membership where org_id = $1 and user_id <> $2 and role = 'owner'";
    private static final String SET_ROLE = """
            with raised as (update org set auth_epoch = auth_epoch + 1 where org_id = $1 returning auth_epoch)
            update membership m set role = $3, seal = $4, changed_epoch = raised.auth_epoch
              from raised where m.org_id = $1 and m.user_id = $2 returning m.changed_epoch
            """;

    private final RowSeal seals;

    public PostgresStandingStore(RowSeal seals) {
        this.seals = seals;
    }

    @Override
    public Future<@Nullable Long> setLocked(Transaction transaction, UUID orgId, boolean locked) {
        return transaction
                .query(SET_LOCKED, Tuple.of(orgId, locked))
                .map(rows -> rows.size() == 0 ? null : rows.iterator().next().getLong("auth_epoch"));
    }

    @Override
    public Future<@Nullable Membership> find(Transaction transaction, UUID orgId, String email) {
        return transaction
                .query(FIND, Tuple.of(orgId, email.toLowerCase(Locale.ROOT)))
                .map(rows -> rows.size() == 0
                        ? null
                        : verified(orgId, rows.iterator().next()));
    }

    @Override
    public Future<Long> otherOwners(Transaction transaction, Membership member) {
        return transaction
                .query(OTHER_OWNERS, Tuple.of(member.orgId(), member.userId()))
                .map(rows -> rows.iterator().next().getLong("others"));
    }

    @Override
    public Future<Long> setRole(Transaction transaction, Membership changed) {
        Buffer seal = Buffer.buffer(changed.sealOf(seals).seal());
        return transaction
                .query(
                        SET_ROLE,
                        Tuple.of(
                                changed.orgId(),
                                changed.userId(),
                                changed.role().text(),
                                seal))
                .map(rows -> rows.iterator().next().getLong("changed_epoch"));
    }

    private Membership verified(UUID orgId, Row row) {
        Membership member = new Membership(orgId, row.getUUID("user_id"), Role.of(row.getString("role")));
        if (!member.sealOf(seals).verify(row.getBuffer("seal").getBytes())) {
            LOG.atError().addKeyValue("orgId", orgId).log("alarm: membership row does not fit its seal");
            throw Refusal.of(ErrorCode.SEALED_VALUE_REFUSED);
        }
        return member;
    }
}
