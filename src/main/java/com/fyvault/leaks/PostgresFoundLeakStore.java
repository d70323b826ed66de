package com.fyvault.leaks;

import com.fyvault.environments.Names;
import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Found leaks in PostgreSQL. Whether one is open is not stored: it is asked of the value that leaked. */
public final class PostgresFoundLeakStore implements FoundLeakStore {
    // Names are those of now; what was removed since has those that were told.
    private static final String SHOWN = """
            select l.*, c.kind, c.owner_user_id, coalesce(c.label, n.payload ->> 'label') as label,
                   coalesce(c.last4, n.payload ->> 'last4') as last4, (n.payload ->> 'wasLive')::boolean as was_live,
                   s.project_id, coalesce(s.name, n.payload ->> 'secret') as secret,
                   coalesce(e.name, n.payload ->> 'environment') as environment, e.name_key, e.is_default,
                   coalesce(n.recipients, '{}') as told,
                   s.deleted_at is null and e.deleted_at is null and exists (
                       select from standing_leak k
                        where k.org_id = l.org_id and k.leak_id = l.leak_id)
                   or l.item is not distinct from 'webhook_secret' and l.resolved_at is null and exists (
                       select from signing_secret k
                        where k.org_id = l.org_id and k.webhook_id = l.item_id and k.print = l.print) as open
              from %s l
              left join credential c on c.org_id = l.org_id and c.credential_id = l.credential_id
              left join secret s on s.org_id = l.org_id and s.secret_id = l.secret_id
              left join environment e on e.org_id = l.org_id and e.environment_id = l.environment_id
              left join notice n on n.org_id = l.org_id and n.notice_id = l.notice_id
             where l.org_id = $1
            """;
    private static final String LIST = """
            with looked as materialized (
                select * from leak where org_id = $1 and ($2::uuid is null or leak_id < $2)
                 order by leak_id desc limit %d
            ), end_of as (
                select count(*) as looked, (select leak_id from looked order by leak_id limit 1) as last_looked from looked
            )
            select p.*, end_of.looked, end_of.last_looked
              from end_of left join lateral (
                select * from (%s) all_of where $3::boolean is null or all_of.open = $3
                 order by all_of.leak_id desc limit $4
              ) p on true
             order by p.leak_id desc
            """.formatted(MOST_LOOKED, SHOWN.formatted("looked"));
    private static final String FIND = SHOWN.formatted("leak") + " and l.leak_id = $2";
    private static final String RESOLVE = """
            update leak set resolved_at = coalesce(resolved_at, clock_timestamp()), resolved_by = $3, note = $4
             where org_id = $1 and leak_id = $2
            """;

    private final Database database;

    public PostgresFoundLeakStore(Database database) {
        this.database = database;
    }

    @Override
    public Future<Listed> list(UUID orgId, Page page) {
        Tuple asked = Tuple.of(orgId, page.after()).addBoolean(page.open()).addInteger(page.limit());
        return database.query(orgId, LIST, asked).map(rows -> listed(rows, page));
    }

    private static Listed listed(RowSet<Row> rows, Page page) {
        List<FoundLeak> leaks = new ArrayList<>(rows.size());
        @Nullable UUID next = null;
        for (Row row : rows) {
            next = row.getLong("looked") == MOST_LOOKED ? row.getUUID("last_looked") : null;
            if (row.getUUID("leak_id") != null) {
                leaks.add(leak(row));
            }
        }
        boolean full = leaks.size() == page.limit();
        return new Listed(leaks, full ? leaks.get(leaks.size() - 1).id() : next);
    }

    @Override
    public Future<@Nullable FoundLeak> find(UUID orgId, UUID leakId) {
        return database.query(orgId, FIND, Tuple.of(orgId, leakId)).map(PostgresFoundLeakStore::first);
    }

    @Override
    public Future<@Nullable FoundLeak> find(Transaction transaction, UUID orgId, UUID leakId) {
        return transaction.query(FIND, Tuple.of(orgId, leakId)).map(PostgresFoundLeakStore::first);
    }

    @Override
    public Future<Void> resolve(Transaction transaction, UUID orgId, Closing closing) {
        Tuple values = Tuple.of(orgId, closing.leakId(), closing.by(), closing.note());
        return transaction.query(RESOLVE, values).mapEmpty();
    }

    private static @Nullable FoundLeak first(RowSet<Row> rows) {
        return rows.size() == 0 ? null : leak(rows.iterator().next());
    }

    private static FoundLeak leak(Row row) {
        return new FoundLeak(
                row.getUUID("leak_id"),
                thing(row),
                new FoundLeak.Where(
                        row.getString("reporter"),
                        row.getString("url"),
                        row.getString("source"),
                        row.getString("type")),
                Objects.requireNonNull(instant(row, "found_at")),
                Boolean.TRUE.equals(row.getBoolean("open")),
                resolution(row),
                List.of(row.getArrayOfStrings("told")));
    }

    private static FoundLeak.Thing thing(Row row) {
        @Nullable String item = row.getString("item");
        if (item != null) {
            return new FoundLeak.Item(item, row.getUUID("item_id"), row.getString("label"), row.getBoolean("was_live"));
        }
        return row.getUUID("credential_id") == null ? value(row) : token(row);
    }

    private static FoundLeak.Token token(Row row) {
        return new FoundLeak.Token(
                row.getUUID("credential_id"),
                row.getString("kind"),
                row.getUUID("owner_user_id"),
                row.getString("label"),
                row.getString("last4"),
                row.getBoolean("was_live"));
    }

    private static FoundLeak.Value value(Row row) {
        @Nullable String nameKey = row.getString("name_key");
        return new FoundLeak.Value(
                row.getUUID("secret_id"),
                row.getUUID("environment_id"),
                row.getLong("version"),
                row.getUUID("project_id"),
                row.getString("secret"),
                row.getString("environment"),
                nameKey == null || Names.isProduction(nameKey, row.getBoolean("is_default")));
    }

    private static FoundLeak.@Nullable Resolution resolution(Row row) {
        @Nullable Instant at = instant(row, "resolved_at");
        return at == null ? null : new FoundLeak.Resolution(at, row.getString("resolved_by"), row.getString("note"));
    }

    private static @Nullable Instant instant(Row row, String column) {
        @Nullable OffsetDateTime time = row.getOffsetDateTime(column);
        return time == null ? null : time.toInstant();
    }
}
