package com.fyvault.webhooks;

import com.fyvault.events.Event;
import io.vertx.core.json.JsonObject;

/** The body of a message: the same bytes at each try. */
final class Payload {
    private Payload() {}

    /** Type and time outside, as Standard Webhooks has it, and the event as the stream tells it. */
    static String of(Event event) {
        return new JsonObject()
                .put("type", event.type().text())
                .put("timestamp", event.at().toString())
                .put("data", event.toFullJson())
                .encode();
    }
}
