package com.fyvault.purge;

import static com.fyvault.purge.LongTables.BEFORE;
import static com.fyvault.purge.LongTables.LATER;
import static com.fyvault.purge.LongTables.MANY;
import static com.fyvault.purge.LongTables.ORG;

import com.fyvault.advice.PostgresDigestStore;
import com.fyvault.audit.PostgresAuditLog;
import com.fyvault.crypto.RowSeal;
import com.fyvault.crypto.SubKeys;
import com.fyvault.crypto.Uuid7;
import com.fyvault.handles.PostgresHandleStore;
import com.fyvault.notices.Channel;
import com.fyvault.notices.PostgresNoticeStore;
import com.fyvault.people.PostgresMailOutbox;
import com.fyvault.platform.postgres.Database;
import com.fyvault.providers.PostgresProviderEnds;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who looks for what is due reads nothing of what is not, however much of it waits. */
class DueInLongTablesIT {
    private static final UUID MINTER = UUID.fromString("00000000-0000-4000-8000-000000000002");

    private final SubKeys keys = SubKeys.derive(new byte[32]);
    private final SecureRandom random = new SecureRandom();
    private final Uuid7 ids = new Uuid7(Clock.systemUTC(), random);
    private LongTables tables;

    @BeforeEach
    void create() {
        tables = new LongTables();
    }

    @AfterEach
    void drop() {
        tables.close();
    }

    private void nothingIsDue(String name, Function<Database, Future<?>> look) {
        tables.readsNextToNothing(name, 0, look);
    }

    @Test
    void mails() {
        tables.plant("mail_outbox (mail_id, sealed, next_at)", "$id, '', $at", LATER, MANY);
        nothingIsDue("mails", database -> new PostgresMailOutbox(database, keys.mail(), ids, random).take());
    }

    @Test
    void noticesThatAreToBeMailed() {
        String into = "notice (org_id, notice_id, kind, recipients, payload, next_at, hook_sent_at)";
        tables.plant(into, "$org, $id, '', '{}', '{}', $at, now()", LATER, MANY);
        nothingIsDue("notices to mail", database -> new PostgresNoticeStore(database).take(Channel.MAIL));
    }

    /** All that there ever was, when an operator has a webhook at last. */
    @Test
    void noticesThatAWebhookComesTooLateFor() {
        String into = "notice (org_id, notice_id, kind, recipients, payload, created_at, hook_next_at, sent_at)";
        tables.plant(into, "$org, $id, '', '{}', '{}', $at, $at, now()", BEFORE, MANY);
        nothingIsDue("notices for a webhook", database -> new PostgresNoticeStore(database).take(Channel.WEBHOOK));
    }

    @Test
    void digests() {
        tables.plant("org (org_id, name, slug)", "$id, '', n::text", LATER, MANY);
        tables.add("insert into digest (org_id, next_at) select org_id, now() + interval '1 day' from org");
        nothingIsDue(
                "digests",
                database ->
                        database.inTransaction(new PostgresDigestStore(database, new RowSeal(keys.rowSeal()))::take));
    }

    @Test
    void endsOfProviders() {
        tables.plant(
                "credential (org_id, credential_id, token_hash, kind, label, last4, scopes, created_by, expires_at, changed_epoch, seal)",
                "$org, $id, $key, 'PROVIDER', '', '', '{}', '', $at + interval '10 days', 1, ''",
                LATER,
                MANY);
        tables.add("insert into provider (org_id, credential_id, provider_type, webhook_secret)"
                + " select org_id, credential_id, '', '' from credential");
        nothingIsDue(
                "ends of providers",
                database -> new PostgresProviderEnds(database, new PostgresAuditLog(), ids).purge());
    }

    /** Handles that have expired stay for a day: whoever mints one more does not count its way through them. */
    @Test
    void handlesThatLive() {
        tables.plant(
                "handle (org_id, handle_id, handle_hash, credential_id, minter_token, project_id, environment_id, secret_id,"
                        + " secret_name, created_at, expires_at, seal)",
                "$org, $id, $key, '" + MINTER + "', '', $org, $org, $org, '', now(), $at, ''",
                BEFORE,
                MANY);
        nothingIsDue("live handles", database -> {
            PostgresHandleStore handles = new PostgresHandleStore(database, new RowSeal(keys.rowSeal()));
            return database.inTransaction(ORG, transaction -> handles.room(transaction, ORG, MINTER, 100));
        });
    }
}
