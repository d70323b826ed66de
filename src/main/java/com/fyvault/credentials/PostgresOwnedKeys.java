package com.fyvault.credentials;

import com.fyvault.crypto.RowSeal;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
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
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Everything that somebody owns, in PostgreSQL: some hundred rows a statement, each verified and sealed anew. */
public final class PostgresOwnedKeys implements OwnedKeys {
    /** Rows a statement: their seals take a millisecond or two of the event loop. */
    private static final int BATCH = 500;

    private static final UUID FIRST = new UUID(0, 0);

    // A session ends with the key that it was minted from, but one of a login has only the membership, which may come
    // back.
    private static final String PAGE = "select " + PostgresCredentialStore.COLUMNS + """
              from credential
             where org_id = $1 and %s = $2 and kind <> 'LOGIN' and revoked_at is null
               and (kind <> 'SESSION' or exists (select from credential l where l.org_id = $1 and l.kind = 'LOGIN'
                                                    and l.credential_id = credential.parent_id))
               and coalesce(expires_at > clock_timestamp(), true)
               and credential_id > $3
             order by credential_id limit %d for no key update
            """;
    private static final String OF_PERSON = PAGE.formatted("owner_user_id", BATCH);
    private static final String OF_TEAM = PAGE.formatted("owner_team_id", BATCH);
    private static final String LINE = """
            with recursive line as (
                select credential_id, 1 as depth from credential
                 where org_id = $1 and credential_id = any($2) and $3 in (owner_user_id, owner_team_id)
                   and kind <> 'SESSION' and kind <> 'LOGIN' and revoked_at is null
                union all
                select c.credential_id, line.depth + 1 from credential c
                  join line on c.parent_id = line.credential_id
                 where c.org_id = $1 and c.kind <> 'SESSION' and line.depth < %d
            )
            select distinct credential_id from line
            """.formatted(PostgresCredentialStore.DEEPEST);
    private static final String END = """
            update credential c set revoked_at = $4, revoked_by = $5, seal = v.seal
              from unnest($2::uuid[], $3::bytea[]) as v(id, seal)
             where c.org_id = $1 and c.credential_id = v.id
            """;
    private static final String HAND = """
            update credential c set owner_user_id = $4, owner_team_id = $5, seal = v.seal
              from unnest($2::uuid[], $3::bytea[]) as v(id, seal)
             where c.org_id = $1 and c.credential_id = v.id
            """;

    private final RowSeal seals;

    public PostgresOwnedKeys(RowSeal seals) {
        this.seals = seals;
    }

    /** What becomes of the rows: which of them, as what, and the statement with what it needs besides. */
    private record Change(
            Owner owner, Predicate<Credential> only, UnaryOperator<Credential> edit, String sql, List<Object> more) {}

    @Override
    public Future<Integer> end(Transaction transaction, Owner owner, String actor, Instant now) {
        Change change = new Change(
                owner, c -> true, c -> c.withRevokedAt(now), END, List.of(now.atOffset(ZoneOffset.UTC), actor));
        return batch(transaction, change, FIRST, 0);
    }

    @Override
    public Future<Integer> hand(Transaction transaction, Owner from, Owner to) {
        return batch(transaction, handing(from, to, c -> true), FIRST, 0);
    }

    @Override
    public Future<Integer> hand(Transaction transaction, Owner from, Owner to, Set<UUID> keys) {
        Tuple named = Tuple.of(from.orgId())
                .addArrayOfUUID(keys.toArray(UUID[]::new))
                .addUUID(from.userId() == null ? from.teamId() : from.userId());
        return transaction.query(LINE, named).compose(rows -> {
            Set<UUID> line = new HashSet<>();
            rows.forEach(row -> line.add(row.getUUID("credential_id")));
            if (!line.containsAll(keys)) {
                throw Refusal.of(ErrorCode.CREDENTIAL_NOT_FOUND);
            }
            return batch(transaction, handing(from, to, c -> line.contains(c.id())), FIRST, 0);
        });
    }

    private static Change handing(Owner from, Owner to, Predicate<Credential> only) {
        List<Object> more = new ArrayList<>();
        more.add(to.userId());
        more.add(to.teamId());
        Predicate<Credential> movable = c -> c.kind() != TokenKind.BREAK_GLASS && c.kind() != TokenKind.SESSION;
        return new Change(from, movable.and(only), c -> c.ownedBy(to.userId(), to.teamId()), HAND, more);
    }

    private Future<Integer> batch(Transaction transaction, Change change, UUID after, int done) {
        Owner owner = change.owner();
        Tuple page = Tuple.of(owner.orgId(), owner.userId() == null ? owner.teamId() : owner.userId(), after);
        return transaction
                .query(owner.userId() == null ? OF_TEAM : OF_PERSON, page)
                .compose(rows -> {
                    List<Credential> found = edited(rows, change);
                    Future<Void> written = found.isEmpty()
                            ? Future.succeededFuture()
                            : transaction
                                    .query(change.sql(), values(change, found))
                                    .mapEmpty();
                    int now = done + found.size();
                    return rows.size() < BATCH
                            ? written.map(now)
                            : written.compose(next -> batch(transaction, change, last(rows), now));
                });
    }

    private List<Credential> edited(RowSet<Row> rows, Change change) {
        List<Credential> edited = new ArrayList<>();
        for (Row row : rows) {
            Credential found = PostgresCredentialStore.verified(row, seals);
            if (change.only().test(found)) {
                edited.add(change.edit().apply(found));
            }
        }
        return edited;
    }

    private Tuple values(Change change, List<Credential> found) {
        Tuple values = Tuple.of(change.owner().orgId())
                .addArrayOfUUID(found.stream().map(Credential::id).toArray(UUID[]::new))
                .addArrayOfBuffer(found.stream()
                        .map(c -> Buffer.buffer(
                                PostgresCredentialStore.sealOf(c, seals).seal()))
                        .toArray(Buffer[]::new));
        for (Object more : change.more()) {
            values = values.addValue(more);
        }
        return values;
    }

    private static UUID last(RowSet<Row> rows) {
        UUID last = FIRST;
        for (Row row : rows) {
            last = row.getUUID("credential_id");
        }
        return last;
    }
}
