package com.fyvault.webhooks;

import com.fyvault.api.Answer;
import com.fyvault.api.Call;
import com.fyvault.api.Ids;
import com.fyvault.api.Routes;
import com.fyvault.audit.AuditAction;
import com.fyvault.crypto.Uuid7;
import com.fyvault.events.EventType;
import com.fyvault.federation.Outward;
import com.fyvault.platform.config.DeliverySettings;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Fields;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.providers.WebhookSecrets;
import com.fyvault.tokens.Scope;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Webhooks, as an organization manages them, and what became of what they were told. */
public final class WebhookRoutes {
    private static final String WEBHOOKS = "/orgs/{org}/webhooks";
    private static final String WEBHOOK = WEBHOOKS + "/{webhook}";
    private static final int MOST_LISTED = 100;
    private static final int LONGEST_ID = 36;

    private final WebhookStore store;
    private final EditWebhook edit;
    private final Uuid7 ids;
    private final Clock clock;

    public WebhookRoutes(
            PostgresWebhookStore store, WebhookSecrets secrets, DeliverySettings settings, Uuid7 ids, Clock clock) {
        this.store = store;
        this.ids = ids;
        this.clock = clock;
        Outward outward = new Outward(settings.privateRanges(), settings.loopback());
        this.edit = new EditWebhook(store, secrets, outward, ids, settings.most());
    }

    public void mount(Routes routes) {
        routes.get(WEBHOOKS, "listWebhooks", AuditAction.WEBHOOK_LIST)
                .needs(Scope.ORG_ADMIN)
                .reads(this::list);
        routes.get(WEBHOOK, "getWebhook", AuditAction.WEBHOOK_VIEW)
                .needs(Scope.ORG_ADMIN)
                .reads(call ->
                        store.find(call.orgId(), EditWebhook.named(call)).map(webhook -> Answer.ok(webhook.toJson())));
        // Under the organization's row for writing: it is what makes the limit exact.
        routes.post(WEBHOOKS, "createWebhook", AuditAction.WEBHOOK_CREATE)
                .needs(Scope.ORG_ADMIN)
                .changesAuthority(edit::create);
        routes.patch(WEBHOOK, "updateWebhook", AuditAction.WEBHOOK_UPDATE)
                .needs(Scope.ORG_ADMIN)
                .writes(edit::edit);
        routes.delete(WEBHOOK, "deleteWebhook", AuditAction.WEBHOOK_DELETE)
                .needs(Scope.ORG_ADMIN)
                .writes(edit::remove);
        routes.post(WEBHOOK + "/roll", "rollWebhook", AuditAction.WEBHOOK_ROLL)
                .needs(Scope.ORG_ADMIN)
                .writes(edit::roll);
        routes.post(WEBHOOK + "/test", "testWebhook", AuditAction.WEBHOOK_TEST)
                .needs(Scope.ORG_ADMIN)
                .writes(this::test);
        routes.get(WEBHOOK + "/deliveries", "listWebhookDeliveries", AuditAction.WEBHOOK_DELIVERIES)
                .needs(Scope.ORG_ADMIN)
                .reads(this::deliveries);
        routes.post(WEBHOOK + "/replay", "replayWebhook", AuditAction.WEBHOOK_REPLAY)
                .needs(Scope.ORG_ADMIN)
                .writes(this::replay);
    }

    private Future<Answer> list(Call call) {
        return store.list(call.orgId()).map(all -> {
            call.record().detail("count", all.size());
            return Answer.ok(new JsonArray(all.stream().map(Webhook::toJson).toList()));
        });
    }

    /** A message that stands for nothing, to see whether it arrives; also to one that is paused. */
    private Future<Answer> test(Call call, Transaction transaction) {
        EditWebhook.check(call);
        call.body().refuseAllBut(Set.of());
        UUID webhook = EditWebhook.named(call);
        UUID id = ids.next();
        String payload = new JsonObject()
                .put("type", EventType.WEBHOOK_TEST.text())
                .put("timestamp", clock.instant().toString())
                .put(
                        "data",
                        new JsonObject()
                                .put("id", id.toString())
                                .put("orgId", call.orgId().toString())
                                .put("webhookId", webhook.toString()))
                .encode();
        return store.deliver(transaction, call.orgId(), webhook, new WebhookStore.Message(id, payload))
                .map(due -> Answer.ok(new JsonObject().put("id", id.toString())));
    }

    private Future<Answer> deliveries(Call call) {
        UUID webhook = EditWebhook.named(call);
        int limit = call.limit(MOST_LISTED);
        @Nullable UUID after = call.cursor();
        return store.find(call.orgId(), webhook)
                .compose(found -> store.deliveries(call.orgId(), webhook, after, limit))
                .map(shown -> {
                    call.record().detail("count", shown.size());
                    boolean more = shown.size() == limit;
                    return Answer.ok(new JsonArray(shown))
                            .withNextCursor(more ? shown.get(limit - 1).getString("id") : null);
                });
    }

    /** Everything from an event on, or what was not delivered; each under the id that it had. */
    private Future<Answer> replay(Call call, Transaction transaction) {
        EditWebhook.check(call);
        call.body().refuseAllBut(Set.of("from", "failed"));
        @Nullable String from = call.body().optionalText("from", LONGEST_ID);
        boolean failed = Boolean.TRUE.equals(call.body().optionalFlag("failed"));
        UUID webhook = EditWebhook.named(call);
        if ((from == null) != failed) {
            throw Fields.invalid("from", "or failed, one of the two, says what to repeat");
        }
        if (from == null) {
            return store.replayFailed(transaction, call.orgId(), webhook)
                    .map(due -> Answer.ok(new JsonObject().put("due", due)));
        }
        @Nullable UUID event = Ids.parse(from);
        if (event == null) {
            throw Fields.invalid("from", "is no id of an event");
        }
        return store.find(call.orgId(), webhook)
                .compose(found -> store.replayFrom(transaction, call.orgId(), webhook, event))
                .map(kept -> {
                    if (!kept) {
                        throw Refusal.of(ErrorCode.EVENTS_GONE);
                    }
                    return Answer.ok(new JsonObject().put("from", from));
                });
    }
}
