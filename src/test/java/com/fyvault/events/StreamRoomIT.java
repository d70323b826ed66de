package com.fyvault.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.bootstrap.Bootstrap;
import com.fyvault.support.Api;
import com.fyvault.support.Figures;
import com.fyvault.support.Listener;
import com.fyvault.support.ServerTest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How many streams there may be, and what they pass by. */
class StreamRoomIT extends ServerTest {
    private static final int STREAMS = 40;
    private static final int EACH = 5;

    @Override
    protected Map<String, String> settings() {
        return Map.of("events.streams", Integer.toString(STREAMS), "events.streams.each", Integer.toString(EACH));
    }

    @Test
    void anIdThatIsShorterThanItLooksIsRefused() {
        for (String id : List.of("A".repeat(30) + "==", "A".repeat(31) + "=", "=".repeat(32))) {
            assertThat(owner.get("/events?follow=false&after=" + id).code()).isEqualTo("INVALID_FIELD");
            assertThat(owner.get("/events?follow=false", "Last-Event-ID", id).code())
                    .isEqualTo("INVALID_FIELD");
        }
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

    @Test
    void streamsThatAreOpenedAtOnceAreNoMoreThanTheTokenMayHave() throws InterruptedException {
        int tries = 64;
        String token = token();
        List<Listener> open = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < tries; i++) {
            threads.add(Thread.ofVirtual().start(() -> open.add(Listener.open(server, token, ""))));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        long streams = open.stream().filter(one -> one.status() == 200).count();
        long refused = open.stream().filter(one -> one.status() == 429).count();
        open.forEach(Listener::close);
        Figures.print(
                new Figures.Line("issue 5", "streams of a token opened at once", tries, tries, streams - EACH, ""));
        assertThat(streams).isEqualTo(EACH);
        assertThat(refused).isEqualTo(tries - EACH);
    }

    @Test
    void typesThatThisNodeDoesNotKnowHoldNothingUp() throws InterruptedException {
        String id = server.createSecret("BEHIND_UNKNOWN", "v");
        try (Listener listener = Listener.open(server, token(), "?secret=behind_unknown")) {
            change(id);
            Listener.Heard first = listener.await("secret.updated");
            server.database()
                    .execute(
                            "insert into event (org_id, event_id, type) select ?, gen_random_uuid(), 'secret.eaten' "
                                    + "from generate_series(1, 600)",
                            server.orgId());
            change(id);
            assertThat(listener.await("secret.updated")).isNotNull();
            try (Listener again =
                    Listener.open(server, token(), "?secret=behind_unknown&follow=false&after=" + first.id())) {
                assertThat(again.await("secret.updated")).isNotNull();
                assertThat(again.ends(5_000)).isTrue();
            }
        }
    }

    private void change(String id) {
        assertThat(owner.patch("/secrets/" + id, new JsonObject().put("value", "another"))
                        .status())
                .isEqualTo(200);
    }

    private String token() {
        return server.key(new JsonObject().put("label", "listener").put("scopes", new JsonArray().add("AUDIT_READ")))
                .getString("key");
    }
}
