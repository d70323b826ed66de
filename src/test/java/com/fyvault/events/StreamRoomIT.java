package com.fyvault.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.bootstrap.Bootstrap;
import com.fyvault.support.Api;
import com.fyvault.support.Listener;
import com.fyvault.support.ServerTest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How many streams of a node one organization may hold. */
class StreamRoomIT extends ServerTest {
    private static final int STREAMS = 40;
    private static final int EACH = 5;

    @Override
    protected Map<String, String> settings() {
        return Map.of("events.streams", Integer.toString(STREAMS), "events.streams.each", Integer.toString(EACH));
    }

    @Test
    void anOrganizationLeavesRoomForTheOthers() {
        List<Listener> open = new ArrayList<>();
        String last = "";
        for (int key = 0; key < STREAMS / EACH / 4; key++) {
            last = token();
            for (int i = 0; i < EACH; i++) {
                open.add(Listener.open(server, last, ""));
            }
        }
        assertThat(open)
                .hasSize(STREAMS / 4)
                .allSatisfy(one -> assertThat(one.status()).isEqualTo(200));
        Api.Answer refused = server.api(token()).get("/events?follow=false");
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.code()).isEqualTo("TOO_MANY_STREAMS");
        Bootstrap.Made other = server.anotherOrg();
        Api there = server.api(other.key().exposeText()).in(other.orgId().toString());
        assertThat(there.get("/events?follow=false").status()).isEqualTo(200);
        open.forEach(Listener::close);
    }

    private String token() {
        return server.key(new JsonObject().put("label", "listener").put("scopes", new JsonArray().add("AUDIT_READ")))
                .getString("key");
    }
}
