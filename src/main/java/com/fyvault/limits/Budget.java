package com.fyvault.limits;

import java.util.List;
import java.util.stream.Collectors;

/** The rules that one request is counted by, all at once. Requests with the same rules draw on the same leases. */
record Budget(List<Rule> rules) {

    Budget {
        rules = List.copyOf(rules);
    }

    /** The value of RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers-10): quota and window in seconds. */
    String policy() {
        return rules.stream()
                .map(rule -> "\"" + rule.policy() + "\";q=" + rule.capacity() + ";w="
                        + Math.max(1, rule.windowMillis() / 1_000))
                .collect(Collectors.joining(", "));
    }
}
