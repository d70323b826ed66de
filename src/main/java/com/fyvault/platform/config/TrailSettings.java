package com.fyvault.platform.config;

/**
 * How much reading the audit trail may take from everything else.
 *
 * @param reads requests for it that a node serves at once; one more is refused
 * @param scanRows records that one request with a filter looks at; then its answer says where to go on
 */
public record TrailSettings(int reads, int scanRows) {

    public static TrailSettings from(Config config) {
        return new TrailSettings(
                config.number("trail.reads", 2, 1, 64), config.number("trail.scan.rows", 10_000, 100, 1_000_000));
    }
}
