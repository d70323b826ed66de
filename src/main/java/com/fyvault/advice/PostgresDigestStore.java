package com.fyvault.advice;

import com.fyvault.crypto.RowSeal;
import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Everywhere;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.PostgresRoles;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Weekly mails in PostgreSQL. Whose turn it is is asked of all organizations; a role is believed only under its seal. */
public final class PostgresDigestStore implements DigestStore {
    private static final String TAKE = """
            select d.org_id, o.name, o.deleted_at is null and o.locked_at is null as open
              from digest d join org o on o.org_id = d.org_id
             where d.enabled and d.next_at <= (select clock_timestamp())
             order by d.next_at limit 1 for no key update of d skip locked
            """;
    private static final String PEOPLE = """
            select m.user_id, %s, a.email
              from membership m join account a on a.user_id = m.user_id
             where m.org_id = $1 and m.removed_at is null and m.role in ('owner', 'admin')
             order by m.created_at, m.user_id limit %d
            """.formatted(PostgresRoles.columns("m", ""), MOST_RECIPIENTS);
    private static final String PUT_OFF = """
            update digest set next_at = clock_timestamp() + case when $2 then interval '7 days' else interval '1 day' end,
                   sent_at = case when $2 then clock_timestamp() else sent_at end
             where org_id = $1
            """;
    private static final String FIND = "select enabled, sent_at from digest where org_id = $1";
    private static final String SET = "update digest set enabled = $2 where org_id = $1 returning enabled, sent_at";

    private final Database database;
    private final Everywhere everywhere;
    private final RowSeal seals;

    public PostgresDigestStore(Database database, RowSeal seals) {
        this.database = database;
        this.everywhere = database.everywhere();
        this.seals = seals;
    }

    @Override
    public Future<@Nullable Due> take(Transaction transaction) {
        return everywhere.query(transaction, TAKE, Tuple.tuple()).compose(rows -> {
            if (rows.size() == 0) {
                return Future.succeededFuture();
            }
            Row row = rows.iterator().next();
            Due due = new Due(row.getUUID("org_id"), row.getString("name"), row.getBoolean("open"));
            return transaction.enter(due.orgId()).map(due);
        });
    }

    @Override
    public Future<List<String>> recipients(Transaction transaction, UUID orgId) {
        return transaction.query(PEOPLE, Tuple.of(orgId)).map(rows -> {
            List<String> recipients = new ArrayList<>(rows.size());
            for (Row row : rows) {
                var _ = new PostgresRoles(seals, "").member(row, orgId, row.getUUID("user_id"));
                recipients.add(row.getString("email"));
            }
            return recipients;
        });
    }

    @Override
    public Future<Void> putOff(Transaction transaction, UUID orgId, boolean sent) {
        return transaction.query(PUT_OFF, Tuple.of(orgId, sent)).mapEmpty();
    }

    @Override
    public Future<Setting> find(UUID orgId) {
        return database.query(orgId, FIND, Tuple.of(orgId)).map(PostgresDigestStore::setting);
    }

    @Override
    public Future<Setting> set(Transaction transaction, UUID orgId, boolean enabled) {
        return transaction.query(SET, Tuple.of(orgId, enabled)).map(PostgresDigestStore::setting);
    }

    private static Setting setting(RowSet<Row> rows) {
        Row row = rows.iterator().next();
        @Nullable OffsetDateTime sent = row.getOffsetDateTime("sent_at");
        return new Setting(row.getBoolean("enabled"), sent == null ? null : sent.toInstant());
    }
}
