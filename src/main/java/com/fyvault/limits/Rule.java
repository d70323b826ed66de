package com.fyvault.limits;

/**
 * At most so many requests of one holder in one window.
 *
 * @param key the counter's name, without the prefix of the installation
 * @param policy what headers call it: {@code credential-minute}
 */
record Rule(String key, String policy, long capacity, long windowMillis) {

    /** What a node may admit alone while nobody counts for all: its part, rounded up. */
    long share(int nodes) {
        return (capacity + nodes - 1) / nodes;
    }

    long window(long nowMicros) {
        return nowMicros / (windowMillis * 1_000);
    }

    long endMicros(long window) {
        return (window + 1) * windowMillis * 1_000;
    }
}
