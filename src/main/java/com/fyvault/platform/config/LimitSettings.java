package com.fyvault.platform.config;

/**
 * Limits that hold for everybody; 0 is none. Those of a single credential stand in its row.
 *
 * @param orgSecond requests of one organization; likewise the others
 * @param ownerSecond requests with all keys of one user
 * @param failuresMinute refused tokens of one client address in a minute
 */
public record LimitSettings(
        int orgSecond, int orgMinute, int orgDay, int ownerSecond, int ownerMinute, int ownerDay, int failuresMinute) {

    public static LimitSettings from(Config config) {
        return new LimitSettings(
                config.number("limits.org.second", 0, 0, 1_000_000_000),
                config.number("limits.org.minute", 0, 0, 1_000_000_000),
                config.number("limits.org.day", 0, 0, 1_000_000_000),
                config.number("limits.owner.second", 0, 0, 1_000_000_000),
                config.number("limits.owner.minute", 0, 0, 1_000_000_000),
                config.number("limits.owner.day", 0, 0, 1_000_000_000),
                config.number("limits.failures.minute", 1_000, 0, 1_000_000_000));
    }
}
