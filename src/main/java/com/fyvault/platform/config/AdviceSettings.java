package com.fyvault.platform.config;

import java.time.Duration;

/**
 * How organizations are told what to look at.
 *
 * @param digests how often a node looks for organizations whose weekly mail is due
 */
public record AdviceSettings(Duration digests) {

    public static AdviceSettings from(Config config) {
        return new AdviceSettings(config.millis("advice.digest.interval.millis", 600_000, 100, 86_400_000));
    }
}
