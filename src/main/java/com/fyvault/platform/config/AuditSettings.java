package com.fyvault.platform.config;

import java.time.Duration;

/**
 * The gate that records before it releases.
 *
 * @param batchSize records in one statement at most
 * @param gatherMicros how long the first record of a batch waits for company at most, microseconds
 * @param quietMicros a batch leaves earlier when none has joined it for this long and none is under way, microseconds
 * @param maxQueue records waiting on one event loop; one more is refused at the door
 * @param maxWait the age at which the oldest waiting record makes the door close; below the deadline
 * @param releaseDeadline plaintext older than this, counted from sending its batch, is thrown away
 * @param answerTimeout a batch without an answer after this is an outage
 */
public record AuditSettings(
        int batchSize,
        int gatherMicros,
        int quietMicros,
        int maxQueue,
        Duration maxWait,
        Duration releaseDeadline,
        Duration answerTimeout) {

    public long gatherNanos() {
        return gatherMicros * 1_000L;
    }

    public long quietNanos() {
        return quietMicros * 1_000L;
    }

    public static AuditSettings from(Config config) {
        return new AuditSettings(
                config.number("audit.batch.size", 256, 1, 1_024),
                config.number("audit.gather.micros", 2_000, 0, 10_000),
                config.number("audit.quiet.micros", 200, 0, 10_000),
                config.number("audit.max.queue", 10_000, 1, 1_000_000),
                config.millis("audit.max.wait.millis", 400, 1, 10_000),
                config.millis("audit.release.deadline.millis", 500, 1, 5_000),
                config.millis("audit.answer.timeout.millis", 1_500, 10, 60_000));
    }
}
