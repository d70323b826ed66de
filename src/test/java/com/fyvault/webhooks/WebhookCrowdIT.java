package com.fyvault.webhooks;

import static com.fyvault.webhooks.WebhookChecks.make;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import com.fyvault.support.Listener;
import com.fyvault.support.ServerTest;
import com.fyvault.support.Starvation;
import com.fyvault.support.WebhookServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** What others leave lying about keeps no webhook from being told. */
class WebhookCrowdIT extends ServerTest {
    private static final int SOON = 20;

    @Override
    protected Map<String, String> settings() {
        return Map.of("webhooks.loopback", "true");
    }

    private void remove(String webhook) {
        assertThat(owner.delete("/webhooks/" + webhook).status()).isEqualTo(200);
    }

    /** Messages of a webhook that are due, and those that have failed and wait for their next try. */
    private void plant(String webhook, int count, String next) {
        server.database()
                .execute(
                        "insert into webhook_delivery (org_id, webhook_id, event_id, payload, next_at) select ?, ?::uuid, "
                                + "gen_random_uuid(), '{\"type\":\"webhook.test\"}', clock_timestamp() + ?::interval "
                                + "from generate_series(1, ?)",
                        server.orgId(),
                        webhook,
                        next,
                        count);
    }

    @Test
    void manyMessagesOfOneThatHangsHoldNobodyUp() throws InterruptedException {
        int waiting = 100_000;
        int changes = Lane.count(100, 20);
        try (WebhookServer hung = WebhookServer.start();
                WebhookServer hook = WebhookServer.start()) {
            int[] silence = new int[1_000];
            Arrays.fill(silence, WebhookServer.SILENCE);
            hung.answer(silence);
            String stuck = make(owner, hung, "webhook.deleted").getString("id");
            String webhook = make(owner, hook, "secret.created").getString("id");
            plant(stuck, waiting, "-1 hour");
            plant(stuck, waiting, "1 hour");
            server.database().execute("analyze webhook_delivery");
            assertThat(hung.next(SOON)).isNotNull();
            long begun = System.nanoTime();
            long[] nanos = new long[changes];
            for (int i = 0; i < changes; i++) {
                server.createSecret("CROWD_" + i, "v");
                long answered = System.nanoTime();
                assertThat(hook.next(SOON)).isNotNull();
                nanos[i] = System.nanoTime() - answered;
            }
            long noise = Starvation.worstSince(begun);
            Figures.print(new Figures.Line(
                    "issue 5",
                    "webhook beside one that hangs with 200,000 messages",
                    changes,
                    changes,
                    0,
                    Figures.spread(nanos)));
            assertThat(Figures.percentile(nanos, 0.99)).isLessThan(TimeUnit.SECONDS.toNanos(2) + noise);
            remove(stuck);
            remove(webhook);
        }
    }

    /** Many endpoints of many customers are at the same host. */
    @Test
    void triesAtOneHostDoNotWaitForEachOther() throws InterruptedException {
        int webhooks = 3;
        int each = 4;
        try (WebhookServer host = WebhookServer.start()) {
            int[] silence = new int[webhooks * each];
            Arrays.fill(silence, WebhookServer.SILENCE);
            host.answer(silence);
            List<String> made = new ArrayList<>();
            for (int i = 0; i < webhooks; i++) {
                made.add(make(owner, host, "secret.created").getString("id"));
            }
            for (int i = 0; i < each; i++) {
                server.createSecret("SAME_HOST_" + i, "v");
            }
            // Within less than the ten seconds after which the first of them is given up.
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(8);
            int begun = 0;
            while (begun < webhooks * each && System.nanoTime() < end) {
                begun += host.next(1) == null ? 0 : 1;
            }
            assertThat(begun).isEqualTo(webhooks * each);
            made.forEach(this::remove);
        }
    }

    @Test
    void soManyMessagesWaitForAWebhookAndTheOthersStayInTheEvents() throws InterruptedException {
        try (WebhookServer hook = WebhookServer.start()) {
            String webhook = make(owner, hook, "secret.created").getString("id");
            plant(webhook, DeliveryStore.MOST_WAITING, "1 hour");
            server.createSecret("NO_ROOM", "v");
            assertThat(hook.next(3)).isNull();
            assertThat(server.database()
                            .count("select count(*) from webhook_delivery where webhook_id = ?::uuid", webhook))
                    .isEqualTo(DeliveryStore.MOST_WAITING);
            server.database()
                    .execute(
                            "update webhook_delivery set next_at = null, delivered_at = now() where webhook_id = ?::uuid",
                            webhook);
            assertThat(hook.next(SOON)).isNotNull();
            remove(webhook);
        }
    }

    /** Standard Webhooks: with 410 the other side says that it wants no more. */
    @Test
    void oneThatIsGoneIsPausedAndToldOf() throws InterruptedException {
        try (WebhookServer hook = WebhookServer.start()) {
            String webhook = make(owner, hook, "secret.created").getString("id");
            hook.answer(410);
            server.createSecret("GONE", "v");
            assertThat(hook.next(SOON)).isNotNull();
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SOON);
            while (owner.get("/webhooks/" + webhook).data().getString("pausedAt") == null && System.nanoTime() < end) {
                LockSupport.parkNanos(50_000_000);
            }
            assertThat(owner.get("/webhooks/" + webhook).data().getString("pausedAt"))
                    .isNotNull();
            assertThat(owner.get("/notices").text()).contains("webhook.paused");
            assertThat(hook.next(8)).isNull();
            remove(webhook);
        }
    }

    /** As after a node died: nobody rings, and the poll has to find it behind those that are never told. */
    @Test
    void thePollComesByWhoIsSilentForGood() throws InterruptedException {
        int silent = 300;
        try (WebhookServer hook = WebhookServer.start()) {
            String webhook = make(owner, hook, "secret.deleted").getString("id");
            server.database()
                    .execute(
                            "insert into org select (jsonb_populate_record(o, jsonb_build_object('org_id', "
                                    + "'00000000-0000-7000-8000-' || lpad(n::text, 12, '0'), 'slug', 'silent-' || n))).* "
                                    + "from org o, generate_series(1, ?) n where o.org_id = ?",
                            silent,
                            server.orgId());
            server.database()
                    .execute(
                            "insert into webhook select (jsonb_populate_record(w, jsonb_build_object('org_id', o.org_id, "
                                    + "'made_with', gen_random_uuid(), 'cursor_tx', '1'))).* from webhook w, org o "
                                    + "where w.webhook_id = ?::uuid and o.org_id::text like '00000000-0000-7000-8000-%'",
                            webhook);
            server.database()
                    .execute(
                            "insert into event (org_id, event_id, type) select org_id, gen_random_uuid(), 'secret.deleted' "
                                    + "from org where org_id::text like '00000000-0000-7000-8000-%'");
            server.database()
                    .execute(
                            "insert into event (org_id, event_id, type) values (?, gen_random_uuid(), 'secret.deleted')",
                            server.orgId());
            assertThat(hook.next(SOON)).isNotNull();
            remove(webhook);
        }
    }

    @Test
    void eventsOfTypesThatThisNodeDoesNotKnowHoldNothingUp() throws InterruptedException {
        try (WebhookServer hook = WebhookServer.start()) {
            String webhook = make(owner, hook, "secret.created").getString("id");
            server.database()
                    .execute(
                            "insert into event (org_id, event_id, type) select ?, gen_random_uuid(), 'secret.eaten' "
                                    + "from generate_series(1, 450)",
                            server.orgId());
            server.createSecret("AFTER_UNKNOWN", "v");
            assertThat(hook.next(SOON)).isNotNull();
            remove(webhook);
        }
    }

    @Test
    void whileSomebodysTransactionHoldsEventsUpTheyAreAskedForSeldom() throws InterruptedException, SQLException {
        try (WebhookServer hook = WebhookServer.start();
                Connection somebody = server.database().superuser();
                Statement statement = somebody.createStatement();
                Listener listener = Listener.open(server, server.ownerKey(), "?type=secret.created")) {
            String webhook = make(owner, hook, "secret.created").getString("id");
            somebody.setAutoCommit(false);
            boolean _ = statement.execute("select pg_current_xact_id()");
            server.createSecret("HELD_UP", "v");
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(4));
            long before = commits();
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(8));
            long each = (commits() - before) / 8;
            assertThat(hook.next(1)).isNull();
            somebody.rollback();
            assertThat(hook.next(3)).isNotNull();
            assertThat(Objects.requireNonNull(listener.next(3_000)).data().getString("secret"))
                    .isEqualTo("HELD_UP");
            Figures.print(new Figures.Line(
                    "issue 5", "transactions a second while events are held up", 1, 8, 0, "commits=" + each));
            assertThat(each).isLessThan(30);
            remove(webhook);
        }
    }

    private long commits() {
        return server.database().count("select xact_commit from pg_stat_database where datname = current_database()");
    }
}
