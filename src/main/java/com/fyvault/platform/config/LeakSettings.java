package com.fyvault.platform.config;

import java.time.Duration;

/**
 * How reports of leaked keys are taken.
 *
 * @param githubKeys where the public keys are that GitHub signs its reports with; empty: no such reports are taken
 * @param reports of an address a minute that are proved by the token itself; 0 is no limit
 * @param sightings calls of an address a minute, each of what an organization's own scanner has found; 0 is no limit
 * @param fingerprints how often a node looks for values that have no fingerprint; some are given theirs each time
 */
public record LeakSettings(String githubKeys, int reports, int sightings, Duration fingerprints) {

    public static LeakSettings from(Config config) {
        return new LeakSettings(
                config.text("leaks.github.keys", ""),
                config.number("leaks.reports.minute", 60, 0, 100_000),
                config.number("leaks.sightings.minute", 120, 0, 100_000),
                config.millis("leaks.fingerprints.interval.millis", 10_000, 100, 86_400_000));
    }
}
