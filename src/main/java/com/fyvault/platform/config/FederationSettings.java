package com.fyvault.platform.config;

import java.util.Arrays;
import java.util.List;

/**
 * How tokens of other issuers are exchanged.
 *
 * @param rules trust rules of an organization that are not revoked
 * @param exchanges at once on a node
 * @param privateRanges address ranges beside the public ones where issuers may be asked for their keys
 */
public record FederationSettings(int rules, int exchanges, List<String> privateRanges) {

    public static FederationSettings from(Config config) {
        return new FederationSettings(
                config.number("federation.rules", 200, 1, 1_000),
                config.number("federation.exchanges", 64, 1, 1_024),
                ranges(config.text("federation.private.ranges", "")));
    }

    private static List<String> ranges(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .filter(range -> !range.isEmpty())
                .toList();
    }
}
