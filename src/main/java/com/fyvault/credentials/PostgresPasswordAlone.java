package com.fyvault.credentials;

import com.fyvault.crypto.RowSeal;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Credential;
import com.fyvault.tokens.PostgresCredentialStore;
import com.fyvault.tokens.TokenFormat;
import com.fyvault.tokens.TokenKind;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Ends what was made without a second factor, in PostgreSQL: some hundred rows a statement, each verified and sealed anew.
 *
 * <p>Only what hangs on nothing is written: a session ends with the login or rule that it was minted from. The row of a login
 * gets another hash besides, and is forgotten as the login's: the login enters again as what is new, so no session of before
 * comes back with it.
 */
public final class PostgresPasswordAlone implements PasswordAlone {
    /** Rows a statement: their seals take a millisecond or two of the event loop. */
    private static final int BATCH = 500;

    private static final UUID FIRST = new UUID(0, 0);
    private static final String LOGIN = "login:";
    /** No token has this form, so nobody can show one with this hash. */
    private static final String ENDED = "fyvault ended login ";

    private static final String ALONE = """
            not exists (select from totp t where t.user_id = %1$s and t.confirmed_at is not null)
               and not exists (select from passkey p where p.user_id = %1$s)
            """;
    private static final String IS_ALL = "select " + ALONE.formatted("$1") + " as alone";
    // What a login makes hangs on no other token, as an API key does not; a session hangs on one always.
    private static final String PAGE =
            "select " + PostgresCredentialStore.COLUMNS + """
              from credential c
             where c.org_id = $1 and c.kind <> 'SESSION' and c.kind <> all('{API_KEY,TEST_KEY,PUBLIC_KEY}')
               and c.parent_id is null and c.revoked_at is null and coalesce(c.expires_at > clock_timestamp(), true)
               and (c.owner_user_id, c.credential_id) > ($2, $3)
               and %s
             order by c.owner_user_id, c.credential_id limit %d for no key update of c
            """.formatted(ALONE.formatted("c.owner_user_id"), BATCH);
    private static final String BELOW = """
            with recursive below as (
                select credential_id, revoked_at, expires_at, 1 as depth from credential
                 where org_id = $1 and parent_id = any($2)
                union all
                select c.credential_id, c.revoked_at, c.expires_at, below.depth + 1 from credential c
                  join below on c.parent_id = below.credential_id
                 where c.org_id = $1 and below.depth < %d
            )
            select count(*)::int as living from below
             where revoked_at is null and coalesce(expires_at > clock_timestamp(), true)
            """.formatted(PostgresCredentialStore.DEEPEST);
    private static final String END = """
            update credential c set revoked_at = $5, revoked_by = $6, token_hash = v.hash, seal = v.seal
              from unnest($2::uuid[], $3::bytea[], $4::bytea[]) as v(id, hash, seal)
             where c.org_id = $1 and c.credential_id = v.id
            """;
    private static final String FORGET = "delete from login_entry where org_id = $1 and session_id = any($2)";

    private final RowSeal seals;

    public PostgresPasswordAlone(RowSeal seals) {
        this.seals = seals;
    }

    /** What is to be done, in which organization. */
    private record Order(Transaction transaction, UUID orgId, String actor, Instant now) {}

    /** Where a page goes on, and how many have ended so far. */
    private record Place(UUID owner, UUID credential, int ended) {}

    @Override
    public Future<Boolean> isAll(Transaction transaction, UUID userId) {
        return transaction
                .query(IS_ALL, Tuple.of(userId))
                .map(rows -> rows.iterator().next().getBoolean("alone"));
    }

    @Override
    public Future<Integer> end(Transaction transaction, UUID orgId, String actor, Instant now) {
        return page(new Order(transaction, orgId, actor, now), new Place(FIRST, FIRST, 0));
    }

    private Future<Integer> page(Order order, Place place) {
        return order.transaction()
                .query(PAGE, Tuple.of(order.orgId(), place.owner(), place.credential()))
                .compose(rows -> {
                    List<Credential> found = new ArrayList<>(rows.size());
                    Place next = place;
                    for (Row row : rows) {
                        Credential one = PostgresCredentialStore.verified(row, seals);
                        found.add(one);
                        boolean login = one.kind() == TokenKind.LOGIN;
                        next = new Place(row.getUUID("owner_user_id"), one.id(), next.ended() + (login ? 0 : 1));
                    }
                    if (found.isEmpty()) {
                        return Future.succeededFuture(place.ended());
                    }
                    Place reached = next;
                    return ended(order, found).compose(below -> {
                        Place after = new Place(reached.owner(), reached.credential(), reached.ended() + below);
                        return found.size() < BATCH ? Future.succeededFuture(after.ended()) : page(order, after);
                    });
                });
    }

    /** How many live below those that are ended. */
    private Future<Integer> ended(Order order, List<Credential> found) {
        UUID[] ids = found.stream().map(Credential::id).toArray(UUID[]::new);
        UUID[] logins = found.stream()
                .filter(one -> one.kind() == TokenKind.LOGIN)
                .map(one -> UUID.fromString(one.createdBy().substring(LOGIN.length())))
                .toArray(UUID[]::new);
        List<Credential> over =
                found.stream().map(one -> over(one, order.now())).toList();
        Tuple values = Tuple.of(order.orgId())
                .addArrayOfUUID(ids)
                .addArrayOfBuffer(over.stream()
                        .map(one -> Buffer.buffer(one.hash().toBytes()))
                        .toArray(Buffer[]::new))
                .addArrayOfBuffer(over.stream()
                        .map(one -> Buffer.buffer(
                                PostgresCredentialStore.sealOf(one, seals).seal()))
                        .toArray(Buffer[]::new))
                .addOffsetDateTime(order.now().atOffset(ZoneOffset.UTC))
                .addString(order.actor());
        Transaction transaction = order.transaction();
        return transaction
                .query(BELOW, Tuple.of(order.orgId()).addArrayOfUUID(ids))
                .compose(counted -> transaction
                        .query(END, values)
                        .compose(written -> transaction.query(
                                FORGET, Tuple.of(order.orgId()).addArrayOfUUID(logins)))
                        .map(forgotten -> counted.iterator().next().getInteger("living")));
    }

    private static Credential over(Credential one, Instant now) {
        Credential ended = one.withRevokedAt(now);
        return one.kind() == TokenKind.LOGIN ? ended.withToken(TokenFormat.hash(ENDED + one.id()), one.last4()) : ended;
    }
}
