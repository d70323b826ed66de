package com.fyvault.support;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/** Two nodes with one Redis, and what can be told from outside of what they share there. */
public final class TwoNodes implements AutoCloseable {
    private static final int CAPACITY = 50;
    private static final int MOST_OF_ONE = 40;
    private static final String VALUE = "/secrets/by-name/HOT/value";

    public final TestServer first;
    public final TestServer second;

    public TwoNodes(Map<String, String> redis, Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(redis);
        // What is told here is whether it works, not how fast it is on a busy machine.
        settings.put("redis.call.timeout.millis", "250");
        settings.put("redis.decisions.wait.millis", "250");
        settings.putAll(more);
        first = TestServer.start(settings);
        second = first.secondNode();
        first.createSecret("HOT", "value");
    }

    public boolean areUp() {
        return first.metric("fyvault_redis_up") == 1 && second.metric("fyvault_redis_up") == 1;
    }

    /** A key that may read, with or without a limit a day. */
    public Api reader(int perDay) {
        JsonObject body = new JsonObject().put("label", "app").put("scopes", new JsonArray().add("SECRETS_READ"));
        if (perDay > 0) {
            body = body.put("limits", new JsonObject().put("perDay", perDay).put("perMinute", perDay));
        }
        return first.api(first.key(body).getString("token"));
    }

    public Api.Answer read(Api client) {
        return client.get(VALUE);
    }

    /**
     * True when a limit of 50 a day holds to the request over both nodes: 40 on the first, more than the half that it
     * would have if it counted for itself, and then 10 of 20 on the second.
     */
    public boolean countExactly() {
        Api here = reader(CAPACITY);
        Api there = here.at(second.url());
        return admitted(here, MOST_OF_ONE) == MOST_OF_ONE && admitted(there, 20) == CAPACITY - MOST_OF_ONE;
    }

    /** True when the second node believes what the first one has looked up. */
    public boolean shareDecisions() {
        String believed = "fyvault_shared_decisions_total{outcome=\"believed\"}";
        Api fresh = reader(0);
        long before = second.metric(believed);
        return read(second.api()).status() == 200
                && read(fresh).status() == 200
                && read(fresh.at(second.url())).status() == 200
                && second.metric(believed) > before;
    }

    @Override
    public void close() {
        second.close();
        first.close();
    }

    private int admitted(Api client, int requests) {
        return (int) IntStream.range(0, requests)
                .filter(n -> read(client).status() == 200)
                .count();
    }
}
