package com.fyvault.bench;

import io.vertx.core.json.JsonObject;

/**
 * One window of load on one server.
 *
 * @param cpuMicros CPU of the server a request, microseconds
 * @param postgresMicros CPU of PostgreSQL a request, microseconds; 0 where there is none
 */
record ReadWindow(String subject, LoadResult load, double cpuMicros, double postgresMicros, MachineCpu.Noise noise) {

    JsonObject toJson() {
        return new JsonObject()
                .put("subject", subject)
                .put("cpuMicros", LoadResult.rounded(cpuMicros))
                .put("postgresMicros", LoadResult.rounded(postgresMicros))
                .put("stealPercent", LoadResult.rounded(noise.stealPercent()))
                .put("othersPercent", LoadResult.rounded(noise.othersPercent()))
                .put("load", load.toJson());
    }
}
