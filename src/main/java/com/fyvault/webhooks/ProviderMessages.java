package com.fyvault.webhooks;

import com.fyvault.api.Ids;
import com.fyvault.events.Event;
import com.fyvault.events.EventType;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What one provider is told: what others did with the secrets that are its own, where one of them or its token was found in
 * public, and what became of its token. Built field by field: an event says more than a provider may know.
 */
final class ProviderMessages {
    private static final Set<EventType> OF_VALUES = EnumSet.of(
            EventType.SECRET_UPDATED,
            EventType.SECRET_ROTATED,
            EventType.SECRET_ROLLED_BACK,
            EventType.SECRET_REVOKED,
            EventType.LEAK_FOUND);
    private static final Set<EventType> OF_SECRETS = EnumSet.of(EventType.SECRET_DELETED, EventType.SECRET_RESTORED);
    private static final Set<EventType> OF_TOKENS =
            EnumSet.of(EventType.PROVIDER_ROLLED, EventType.PROVIDER_EXPIRING, EventType.PROVIDER_REVOKED);
    private static final String REVOKED =
            "The provider's token no longer works, and this is the last message. Revoke what "
                    + "you have issued to this customer, or ask the customer.";
    private static final Map<EventType, String> TO_DO = Map.of(
            EventType.SECRET_UPDATED,
            "The customer has put another value in place of yours. Yours may be revoked.",
            EventType.SECRET_ROTATED,
            "The customer has put another value in place of yours. Yours may be revoked.",
            EventType.SECRET_ROLLED_BACK,
            "The customer uses an earlier version again. Do not revoke what that version holds.",
            EventType.SECRET_REVOKED,
            "The value is revoked here. Revoke it at your side too.",
            EventType.SECRET_DELETED,
            "The customer has deleted it. What it held may be revoked; it can come back for 30 days.",
            EventType.SECRET_RESTORED,
            "The customer has brought it back. Push a new value if the one before was revoked.",
            EventType.PROVIDER_ROLLED,
            "The customer has a new token for you. The one before ends with its overlap.",
            EventType.PROVIDER_EXPIRING,
            "The token ends soon. Ask the customer for another one.",
            EventType.PROVIDER_REVOKED,
            REVOKED);

    private final UUID providerId;
    private final Set<UUID> environments;

    /** @param environments that the provider reaches; empty for all */
    ProviderMessages(UUID providerId, Set<UUID> environments) {
        this.providerId = providerId;
        this.environments = environments;
    }

    /** Where a leak was seen, in the words of who reported it. */
    record Seen(@Nullable String url, @Nullable String source) {}

    boolean concerns(Event event) {
        boolean own = isOf(event, "provider_id");
        if (OF_TOKENS.contains(event.type())) {
            return own;
        }
        if (Boolean.TRUE.equals(event.data().getBoolean("by_provider"))) {
            return false;
        }
        if (isHandedOver(event)) {
            return own || isOf(event, "former_provider_id");
        }
        @Nullable UUID environment = event.place().environmentId();
        boolean reached = environments.isEmpty() || environment == null || environments.contains(environment);
        return own && (OF_SECRETS.contains(event.type()) || (OF_VALUES.contains(event.type()) && reached));
    }

    /** True for what tells the provider that it is over. */
    boolean isLast(Event event) {
        return event.type() == EventType.PROVIDER_REVOKED
                || (event.type() == EventType.LEAK_FOUND && providerId.equals(event.about()));
    }

    static @Nullable UUID leak(Event event) {
        return event.type() == EventType.LEAK_FOUND && event.data().getValue("leak_id") instanceof String id
                ? Ids.parse(id)
                : null;
    }

    /** The body of the message; the same bytes at each try. */
    String of(Event event, @Nullable Seen seen) {
        boolean handed = isHandedOver(event);
        EventType type = handed ? EventType.SECRET_HANDED_OVER : event.type();
        JsonObject data = data(event.position().eventId(), type, event.at(), event.orgId());
        Event.Place place = event.place();
        some(data, "projectId", place.projectId());
        if (!handed && OF_VALUES.contains(type)) {
            some(data, "environmentId", place.environmentId());
            some(data, "environment", place.environment());
            some(data, "version", event.data().getValue("version"));
        }
        some(data, "secretId", place.secretId());
        some(data, "secret", place.secret());
        if (place.secretId() == null) {
            some(data, "tokenId", event.about());
        }
        some(data, "expiresAt", event.data().getValue("expires_at"));
        if (handed) {
            data.put("yours", isOf(event, "provider_id"));
        }
        some(data, "foundAt", seen == null ? null : seen.url());
        some(data, "source", seen == null ? null : seen.source());
        return body(type, event.at(), data.put("whatToDo", toDo(event, type)));
    }

    /** That the provider is over without an event of its own: so is a key above it, or whom it was from. */
    String over(UUID id, Instant at, UUID orgId) {
        JsonObject data = data(id, EventType.PROVIDER_REVOKED, at, orgId).put("tokenId", providerId.toString());
        return body(EventType.PROVIDER_REVOKED, at, data.put("whatToDo", REVOKED));
    }

    private JsonObject data(UUID id, EventType type, Instant at, UUID orgId) {
        return new JsonObject()
                .put("id", id.toString())
                .put("type", type.text())
                .put("timestamp", at.toString())
                .put("orgId", orgId.toString())
                .put("provider_id", providerId.toString());
    }

    private String toDo(Event event, EventType type) {
        if (type == EventType.SECRET_HANDED_OVER) {
            return isOf(event, "provider_id")
                    ? "The secret is yours to push, rotate and revoke."
                    : "The secret is no longer yours: what you push to it is refused.";
        }
        if (type == EventType.LEAK_FOUND) {
            return event.place().secretId() == null
                    ? "Your token was found in public and no longer works. Ask the customer for another one."
                    : "The value was found in public and still works wherever you accept it. Revoke it and push another.";
        }
        return String.valueOf(TO_DO.get(type));
    }

    private static String body(EventType type, Instant at, JsonObject data) {
        return new JsonObject()
                .put("type", type.text())
                .put("timestamp", at.toString())
                .put("data", data)
                .encode();
    }

    private static boolean isHandedOver(Event event) {
        return Boolean.TRUE.equals(event.data().getBoolean("handed_over"));
    }

    private boolean isOf(Event event, String field) {
        return providerId.toString().equals(event.data().getString(field));
    }

    private static void some(JsonObject json, String field, @Nullable Object value) {
        if (value != null) {
            json.put(field, value instanceof Number ? value : value.toString());
        }
    }
}
