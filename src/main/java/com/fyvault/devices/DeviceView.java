package com.fyvault.devices;

import com.fyvault.credentials.KeyStore;
import com.fyvault.tokens.Credential;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A device as answers show it, in both spellings of every name; never its token. */
final class DeviceView {
    /** Whoever asked for something since then is taken for being there. */
    private static final Duration ONLINE = Duration.ofMinutes(10);

    private final Clock clock;

    DeviceView(Clock clock) {
        this.clock = clock;
    }

    JsonObject of(KeyStore.Standing standing, Device device) {
        Credential c = standing.credential();
        JsonObject json = new JsonObject()
                .put("id", c.id().toString())
                .put("name", c.label())
                .put("hostname", device.hostname() == null ? "" : device.hostname())
                .put("fingerprint", device.fingerprint() == null ? "" : device.fingerprint())
                .put("status", status(standing));
        twice(json, "device_id", "deviceId", c.id().toString());
        // What only a running agent tells: none has told anything yet.
        twice(json, "agent_version", "agentVersion", null);
        twice(json, "last_boot_at", "lastBootAt", null);
        twice(json, "last_heartbeat_at", "lastHeartbeatAt", null);
        twice(json, "last_seen", "lastSeen", text(c.lastUsedAt()));
        twice(json, "secret_count", "secretCount", c.reach().secretCount());
        JsonArray environments = new JsonArray(
                c.reach().environmentIds().stream().map(UUID::toString).toList());
        twice(json, "allowed_environments", "allowedEnvironments", environments);
        twice(json, "ip_allowlist", "ipAllowlist", new JsonArray(c.reach().cidrs()));
        twice(json, "created_at", "createdAt", c.createdAt().toString());
        twice(json, "expires_at", "expiresAt", text(c.expiresAt()));
        twice(json, "revoked_at", "revokedAt", text(c.revokedAt()));
        return standing.flag(json);
    }

    /** The same with the ids of the secrets that it was assigned, of which there are too many for a list. */
    JsonObject whole(KeyStore.Standing standing, Device device) {
        JsonArray ids = new JsonArray(standing.credential().reach().secretIds().stream()
                .map(UUID::toString)
                .toList());
        return of(standing, device).put("secret_ids", ids).put("secretIds", ids);
    }

    private String status(KeyStore.Standing standing) {
        if (!standing.active()) {
            return standing.credential().revokedAt() == null ? "expired" : "revoked";
        }
        @Nullable Instant seen = standing.credential().lastUsedAt();
        return seen != null && seen.plus(ONLINE).isAfter(clock.instant()) ? "online" : "offline";
    }

    private static void twice(JsonObject json, String snake, String camel, @Nullable Object value) {
        json.put(snake, value).put(camel, value);
    }

    private static @Nullable String text(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }
}
