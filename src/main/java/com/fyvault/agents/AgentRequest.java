package com.fyvault.agents;

import com.fyvault.credentials.KeyRequest;
import com.fyvault.platform.http.Fields;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a request says of a new agent.
 *
 * @param maxTtlSeconds the longest it may live; null for no bound
 * @param rateLimitRpm requests a minute; null for no limit of its own
 */
record AgentRequest(
        String name,
        String type,
        @Nullable String description,
        @Nullable Long maxTtlSeconds,
        @Nullable Long rateLimitRpm,
        KeyRequest key) {
    private static final String USUAL_TYPE = "custom";
    private static final int LONGEST_TYPE = 64;
    private static final int LONGEST_DESCRIPTION = 1_000;
    private static final long SHORTEST_LIFE = 60;
    private static final long LONGEST_LIFE = 3_650L * 86_400;
    private static final long MOST_A_MINUTE = 1_000_000;

    static AgentRequest parse(Fields body) {
        KeyRequest key = KeyRequest.parse(body);
        @Nullable String name = key.label();
        if (name == null) {
            throw Fields.invalid("name", "is missing");
        }
        @Nullable String type = body.optionalText("agentType", LONGEST_TYPE);
        if (type != null && type.isBlank()) {
            throw Fields.invalid("agentType", "is empty");
        }
        return new AgentRequest(
                name,
                type == null ? USUAL_TYPE : type,
                body.optionalText("description", LONGEST_DESCRIPTION),
                body.optionalNumber("maxTtlSeconds", SHORTEST_LIFE, LONGEST_LIFE),
                body.optionalNumber("rateLimitRpm", 1, MOST_A_MINUTE),
                key);
    }

    /** The earlier of the expiry asked for and the end of the longest life; null when neither was given. */
    @Nullable
    Instant until(Instant now) {
        @Nullable Instant asked = key.lifetime().isGiven() ? key.lifetime().end(now, Duration.ZERO) : null;
        if (maxTtlSeconds == null) {
            return asked;
        }
        Instant longest = now.plusSeconds(maxTtlSeconds);
        return asked == null || asked.isAfter(longest) ? longest : asked;
    }

    /** As PostgreSQL prints it back: the row's seal is over this text. */
    String limits() {
        return rateLimitRpm == null ? "{}" : "{\"perMinute\": " + rateLimitRpm + "}";
    }
}
