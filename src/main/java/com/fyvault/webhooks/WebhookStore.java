package com.fyvault.webhooks;

import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The webhooks of organizations, as these manage them. */
interface WebhookStore {
    /** A draft of a webhook; it is told of what changes from now on. */
    record Draft(
            UUID orgId,
            UUID id,
            String url,
            @Nullable String description,
            List<String> types,
            boolean enabled,
            byte[] secret,
            @Nullable UUID madeWith,
            String createdBy) {}

    /** What of a webhook is to be another; null stays. */
    record Edit(
            @Nullable String url,
            @Nullable String description,
            @Nullable List<String> types,
            @Nullable Boolean enabled,
            @Nullable UUID madeWith) {}

    Future<Integer> count(Transaction transaction, UUID orgId);

    Future<Webhook> add(Transaction transaction, Draft draft);

    Future<List<Webhook>> list(UUID orgId);

    /** Refuses one that there is not. */
    Future<Webhook> find(UUID orgId, UUID id);

    /** Refuses one that there is not. With {@code enabled} what was not delivered is due again. */
    Future<Webhook> edit(Transaction transaction, UUID orgId, UUID id, Edit edit);

    Future<Webhook> remove(Transaction transaction, UUID orgId, UUID id);

    /** Another secret; the present one signs as well for a while. */
    Future<Webhook> roll(Transaction transaction, UUID orgId, UUID id, Roll roll);

    /** @param grace for which the present secret signs as well */
    record Roll(byte[] secret, Duration grace) {}

    /** Writes a delivery that is due at once. */
    Future<Void> deliver(Transaction transaction, UUID orgId, UUID id, Message message);

    /** What is sent: the id stays the same at each try. */
    record Message(UUID eventId, String payload) {}

    /** Makes what was not delivered due again; how many. */
    Future<Integer> replayFailed(Transaction transaction, UUID orgId, UUID id);

    /** Tells the webhook again of everything from an event on; false when that is not kept. */
    Future<Boolean> replayFrom(Transaction transaction, UUID orgId, UUID id, UUID eventId);

    /** What became of events, the newest first, as answers show it. */
    Future<List<JsonObject>> deliveries(UUID orgId, UUID id, @Nullable UUID after, int most);
}
