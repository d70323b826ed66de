package com.fyvault.notices;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Something that people must hear of.
 *
 * @param recipients addresses, as they were when it happened
 * @param createdAt when it happened, by the database's clock
 * @param payload what there is to say; no value and no token
 */
public record Notice(UUID orgId, UUID id, String kind, List<String> recipients, Instant createdAt, JsonObject payload) {
    /** Somebody has opened a break-glass token. */
    public static final String BREAK_GLASS_OPENED = "break_glass.opened";
    /** A webhook of the organization was given up after days of failure. */
    public static final String WEBHOOK_PAUSED = "webhook.paused";

    /** A token, handle or invitation of the organization was found in public; it is ended. */
    public static final String KEY_LEAKED = "key.leaked";

    /** A value that the organization stores was found in public, or a secret that signs its webhooks. */
    public static final String SECRET_LEAKED = "secret.leaked";

    public Notice {
        recipients = List.copyOf(recipients);
    }
}
