package com.fyvault.platform.config;

import java.time.Duration;

/**
 * Token decisions that nodes share through Redis.
 *
 * @param kept how long one is kept at most; zero to share none
 * @param timeout the longest wait for one
 * @param writes how many may be on their way to Redis at once
 */
public record SharedDecisionSettings(Duration kept, Duration timeout, int writes) {

    public static SharedDecisionSettings from(Config config) {
        return new SharedDecisionSettings(
                Duration.ofSeconds(config.number("redis.decisions.seconds", 60, 0, 300)),
                config.millis("redis.decisions.wait.millis", 25, 1, 1_000),
                config.number("redis.decisions.writes", 64, 1, 4_096));
    }
}
