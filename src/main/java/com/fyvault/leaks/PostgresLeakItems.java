package com.fyvault.leaks;

import com.fyvault.leaks.LeakStore.Item;
import com.fyvault.leaks.LeakStore.ItemKind;
import com.fyvault.leaks.LeakStore.Label;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.TokenHash;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Handles, invitations and secrets that sign webhooks, as what was found in public, in PostgreSQL. */
final class PostgresLeakItems {
    private static final String HANDLES = """
            select h.org_id, 'handle' as kind, h.handle_id as id, h.handle_hash as hash, null::bytea as print,
                   h.secret_name as name, c.owner_user_id as owner,
                   h.revoked_at is null and h.expires_at > clock_timestamp() as live
              from handle h
              join org o on o.org_id = h.org_id and o.deleted_at is null
              join credential c on c.org_id = h.org_id and c.credential_id = h.credential_id
             where h.handle_hash = any($1) %s
            """;
    private static final String OWN_HANDLES = HANDLES.formatted("and h.org_id = $2");
    private static final String ALL_HANDLES = HANDLES.formatted("");
    private static final String INVITATIONS = """
            select i.org_id, 'invitation' as kind, i.invitation_id as id, i.token_hash as hash, null::bytea as print,
                   i.mailbox as name, i.invited_by as owner,
                   i.ended_at is null and i.expires_at > clock_timestamp() as live
              from invitation i
              join org o on o.org_id = i.org_id and o.deleted_at is null
             where i.token_hash = any($1) %s
            """;
    private static final String OWN_INVITATIONS = INVITATIONS.formatted("and i.org_id = $2");
    private static final String ALL_INVITATIONS = INVITATIONS.formatted("");
    // An address may itself hold a secret, so a webhook is named by what somebody has called it, or by the host.
    private static final String SIGNING = """
            select distinct w.org_id, 'webhook_secret' as kind, w.webhook_id as id, null::bytea as hash, w.print, w.name,
                   null::uuid as owner, true as live
              from signing_secret w
              join org o on o.org_id = w.org_id and o.deleted_at is null
             where w.print = any($1) %s
            """;
    private static final String OWN_SIGNING = SIGNING.formatted("and w.org_id = $2");
    private static final String ALL_SIGNING = SIGNING.formatted("");
    // One that was sent again since it was looked up lives on under a text that nobody has found.
    private static final String WITHDRAW = """
            with found as materialized (
                select i.invitation_id, i.ended_at is null as open, i.expires_at > clock_timestamp() as lasts
                  from invitation i
                  join unnest($2::uuid[], $3::bytea[]) as v(id, token_hash)
                    on i.invitation_id = v.id and i.token_hash = v.token_hash
                 where i.org_id = $1 order by i.invitation_id for no key update of i
            ), withdrawn as (
                update invitation i set ended_at = clock_timestamp(), outcome = 'withdrawn'
                  from found f where i.org_id = $1 and i.invitation_id = f.invitation_id and f.open
            )
            select invitation_id, open and lasts as live from found
            """;

    private PostgresLeakItems() {}

    /** @param own the organization to look in; null for every one */
    static Future<List<Item>> find(Asked asked, @Nullable UUID own, PostgresLeakQuery query) {
        Future<List<Row>> handles = query.rows(
                own == null ? ALL_HANDLES : OWN_HANDLES, PostgresLeakQuery.bytes(asked.hashes(Looks.HANDLE)), own);
        Future<List<Row>> invitations = query.rows(
                own == null ? ALL_INVITATIONS : OWN_INVITATIONS,
                PostgresLeakQuery.bytes(asked.hashes(Looks.INVITATION)),
                own);
        Future<List<Row>> secrets = query.rows(
                own == null ? ALL_SIGNING : OWN_SIGNING, PostgresLeakQuery.prints(asked.signingPrints()), own);
        return Future.all(handles, invitations, secrets).map(all -> {
            List<Item> items = new ArrayList<>();
            handles.result().forEach(row -> items.add(item(row)));
            invitations.result().forEach(row -> items.add(item(row)));
            secrets.result().forEach(row -> items.add(item(row)));
            return items;
        });
    }

    static Future<Map<UUID, Boolean>> withdraw(Transaction transaction, UUID orgId, List<Item> invitations) {
        Tuple values = Tuple.of(orgId)
                .addArrayOfUUID(invitations.stream().map(Item::id).toArray(UUID[]::new))
                .addArrayOfBuffer(invitations.stream()
                        .map(item -> Buffer.buffer(
                                Objects.requireNonNull(item.text()).toBytes()))
                        .toArray(Buffer[]::new));
        return invitations.isEmpty()
                ? Future.succeededFuture(Map.of())
                : transaction.query(WITHDRAW, values).map(rows -> {
                    Map<UUID, Boolean> live = new HashMap<>();
                    rows.forEach(row -> live.put(row.getUUID("invitation_id"), row.getBoolean("live")));
                    return live;
                });
    }

    private static Item item(Row row) {
        @Nullable Buffer hash = row.getBuffer("hash");
        @Nullable Buffer print = row.getBuffer("print");
        return new Item(
                row.getUUID("org_id"),
                ItemKind.of(row.getString("kind")),
                row.getUUID("id"),
                hash == null ? null : TokenHash.of(hash.getBytes()),
                print == null ? null : HexFormat.of().formatHex(print.getBytes()),
                new Label(row.getString("name"), row.getUUID("owner"), row.getBoolean("live")));
    }
}
