package com.fyvault.platform.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * Webhooks of organizations.
 *
 * @param most webhooks of an organization
 * @param atOnce tries that a node makes at the same time
 * @param timeout of a try
 * @param interval how often what is due is looked for when nobody has told of anything
 * @param loopback allows this machine itself, over plain HTTP too
 * @param privateRanges address ranges that are allowed although they are not public
 */
public record DeliverySettings(
        int most, int atOnce, Duration timeout, Duration interval, boolean loopback, List<String> privateRanges) {

    public static DeliverySettings from(Config config) {
        return new DeliverySettings(
                config.number("webhooks.most", 20, 1, 100),
                config.number("webhooks.at.once", 64, 1, 1_024),
                config.millis("webhooks.timeout.millis", 10_000, 100, 30_000),
                config.millis("webhooks.interval.millis", 1_000, 100, 60_000),
                config.flag("webhooks.loopback", false),
                ranges(config.text("webhooks.private.ranges", "")));
    }

    private static List<String> ranges(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .filter(range -> !range.isEmpty())
                .toList();
    }
}
