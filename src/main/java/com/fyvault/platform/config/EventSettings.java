package com.fyvault.platform.config;

import java.time.Duration;

/**
 * Streams of events.
 *
 * @param streams that a node keeps open
 * @param streamsEach of these, for one token
 * @param heartbeat after which a silent stream says that it is there
 * @param lifetime after which a stream ends, give or take a tenth
 * @param stall how long a client may leave unread what was sent
 * @param poll how often an organization's new events are looked for when nobody has told of any
 */
public record EventSettings(
        int streams, int streamsEach, Duration heartbeat, Duration lifetime, Duration stall, Duration poll) {

    public static EventSettings from(Config config) {
        return new EventSettings(
                config.number("events.streams", 1_000, 0, 100_000),
                config.number("events.streams.each", 10, 1, 1_000),
                config.millis("events.heartbeat.millis", 15_000, 100, 60_000),
                config.millis("events.lifetime.millis", 3_600_000, 1_000, 86_400_000),
                config.millis("events.stall.millis", 10_000, 100, 60_000),
                config.millis("events.poll.millis", 1_000, 100, 60_000));
    }
}
