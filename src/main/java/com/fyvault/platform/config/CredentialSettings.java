package com.fyvault.platform.config;

import java.time.Duration;

/**
 * How many tokens there may be, and how long they are remembered.
 *
 * @param keys API keys of an organization that are not revoked
 * @param sessions live sessions of one API key
 * @param sessionsKept how long an expired session stays in the database
 */
public record CredentialSettings(int keys, int sessions, Duration sessionsKept) {

    public static CredentialSettings from(Config config) {
        return new CredentialSettings(
                config.number("credentials.keys", 10_000, 1, 1_000_000),
                config.number("credentials.sessions", 10_000, 1, 1_000_000),
                Duration.ofDays(config.number("credentials.sessions.kept.days", 30, 1, 3_650)));
    }
}
