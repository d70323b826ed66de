package com.fyvault.limits;

/** Every limit there is, and what happens to it without Redis. docs/LIMITS.md shows these rows. */
enum Limit {
    CREDENTIAL(
            "requests with one credential",
            "its `limits`, and those of each credential that it descends from",
            "each window",
            "the node's part of it: capacity / live nodes, rounded up"),
    OWNER(
            "requests with all credentials of one user",
            "`limits.owner.*`, off by default",
            "each window",
            "the node's part of it"),
    ORGANIZATION(
            "requests of one organization", "`limits.org.*`, off by default", "each window", "the node's part of it"),
    REFUSED_TOKENS(
            "refused tokens (401) from one client address, IPv6 by /64",
            "`limits.failures.minute`, 1,000",
            "each minute",
            "the node's part of it; a token has 256 random bits, so this saves look-ups and is not what stops a guess");

    private final String counts;
    private final String capacity;
    private final String refill;
    private final String withoutRedis;

    Limit(String counts, String capacity, String refill, String withoutRedis) {
        this.counts = counts;
        this.capacity = capacity;
        this.refill = refill;
        this.withoutRedis = withoutRedis;
    }

    /** The row of the table. */
    String row() {
        return "| `" + name() + "` | " + counts + " | " + capacity + " | " + refill + " | " + withoutRedis + " |";
    }
}
