package com.fyvault.platform.config;

import java.time.Duration;

/**
 * How what was deleted 30 days ago goes for good.
 *
 * @param interval between two rounds of a node; one node at a time works
 * @param batch values, secrets, environments or projects a transaction
 * @param batches transactions a round; what is left waits for the next
 */
public record PurgeSettings(Duration interval, int batch, int batches) {

    public static PurgeSettings from(Config config) {
        return new PurgeSettings(
                Duration.ofSeconds(config.number("purge.interval.seconds", 3_600, 1, 604_800)),
                config.number("purge.batch", 100, 1, 1_000),
                config.number("purge.batches", 100, 1, 10_000));
    }
}
