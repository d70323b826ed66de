package com.fyvault.platform.config;

/**
 * What a node may keep in memory.
 *
 * @param decisions compiled token decisions
 * @param valueBytes sealed values, bytes of ciphertext and overhead; never plaintext
 * @param lookups credential look-ups in PostgreSQL at once
 */
public record CacheSettings(int decisions, long valueBytes, int lookups) {

    public static CacheSettings from(Config config) {
        return new CacheSettings(
                config.number("cache.decisions", 200_000, 100, 20_000_000),
                config.number("cache.value.mebibytes", 128, 1, 65_536) * 1024L * 1024L,
                config.number("cache.lookups", 64, 1, 1_024));
    }
}
