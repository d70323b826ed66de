package com.fyvault.bench;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one window of load saw. Latencies are in milliseconds; in the open loop from the intended send time.
 *
 * @param requests answers with status 200
 * @param errors everything else: counts by status, or by cause where no status came (closed, timeout, unsent)
 * @param generatorMicros CPU that the generator itself took for each request, microseconds
 */
record LoadResult(
        String mode, long requests, Map<String, Long> errors, double seconds, Latency latency, double generatorMicros) {

    record Latency(double p50, double p90, double p99, double p999, double max) {}

    double rps() {
        return seconds > 0 ? requests / seconds : 0;
    }

    JsonObject toJson() {
        JsonObject failed = new JsonObject();
        errors.forEach(failed::put);
        return new JsonObject()
                .put("mode", mode)
                .put("requests", requests)
                .put("errors", failed)
                .put("seconds", rounded(seconds))
                .put("rps", rounded(rps()))
                .put("p50Millis", latency.p50())
                .put("p90Millis", latency.p90())
                .put("p99Millis", latency.p99())
                .put("p999Millis", latency.p999())
                .put("maxMillis", latency.max())
                .put("generatorCpuMicros", rounded(generatorMicros));
    }

    static LoadResult fromJson(JsonObject json) {
        Map<String, Long> errors = new TreeMap<>();
        json.getJsonObject("errors")
                .forEach(entry -> errors.put(entry.getKey(), ((Number) entry.getValue()).longValue()));
        return new LoadResult(
                json.getString("mode"),
                json.getLong("requests"),
                errors,
                json.getDouble("seconds"),
                new Latency(
                        json.getDouble("p50Millis"),
                        json.getDouble("p90Millis"),
                        json.getDouble("p99Millis"),
                        json.getDouble("p999Millis"),
                        json.getDouble("maxMillis")),
                json.getDouble("generatorCpuMicros"));
    }

    /** Three decimals: more would claim a precision that no window has. */
    static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
