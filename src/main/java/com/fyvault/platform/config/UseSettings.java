package com.fyvault.platform.config;

import java.time.Duration;

/**
 * How it is kept when credentials and secrets were last used.
 *
 * @param interval between two times that a node writes what it has gathered
 * @param most credentials and secrets gathered at once
 */
public record UseSettings(Duration interval, int most) {

    public static UseSettings from(Config config) {
        return new UseSettings(
                config.millis("uses.interval.millis", 20_000, 100, 30_000),
                config.number("uses.most", 20_000, 100, 1_000_000));
    }
}
