package com.fyvault;

import com.fyvault.nodes.HeartbeatVerticle;
import com.fyvault.nodes.News;
import com.fyvault.nodes.NodeStore;
import com.fyvault.nodes.Nodes;
import com.fyvault.platform.postgres.Durability;
import com.fyvault.secrets.SealedValues;
import com.fyvault.tokens.Authority;
import com.fyvault.uses.Uses;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** What a node says of itself: its metrics, and whether it should get requests. */
final class NodeHealth {
    private final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Core core;
    private final Nodes nodes;
    private final News news;
    private final HeartbeatVerticle heartbeat;

    NodeHealth(Core core, Nodes nodes, News news, HeartbeatVerticle heartbeat) {
        this.core = core;
        this.nodes = nodes;
        this.news = news;
        this.heartbeat = heartbeat;
        Gauge.builder("fyvault_news_heard", news, carrier -> carrier.hears() ? 1 : 0)
                .description("1 while this node hears what other nodes tell")
                .register(metrics);
        Gauge.builder("fyvault_nodes_live", core.liveNodes, live -> live.getAsInt())
                .description("Nodes alive, this one included, as the last heartbeat found")
                .register(metrics);
        Gauge.builder(
                        "fyvault_heartbeat_age_seconds",
                        heartbeat,
                        beat -> beat.age().toNanos() / 1e9)
                .description("Since this node last said that it is alive")
                .register(metrics);
        Gauge.builder(
                        "fyvault_heartbeat_duration_seconds",
                        heartbeat,
                        beat -> beat.took().toNanos() / 1e9)
                .description("What PostgreSQL took for the last heartbeat")
                .register(metrics);
        Gauge.builder("fyvault_limits_exact", this, health -> health.limits().equals("exact") ? 1 : 0)
                .description("1 while limits of rate hold exactly, over all nodes")
                .register(metrics);
        bindUses(core.uses);
        new JvmMemoryMetrics().bindTo(metrics);
        new JvmThreadMetrics().bindTo(metrics);
        new ProcessorMetrics().bindTo(metrics);
        bindGc();
    }

    /** Adds the sizes of what is in memory. */
    void watch(Authority authority, SealedValues values) {
        Gauge.builder("fyvault_cached_decisions", authority, Authority::size)
                .description("Token decisions in memory")
                .register(metrics);
        Gauge.builder("fyvault_cached_values", values, SealedValues::size)
                .description("Sealed values in memory")
                .register(metrics);
    }

    PrometheusMeterRegistry metrics() {
        return metrics;
    }

    /**
     * Ready when PostgreSQL answers and keeps what it acknowledges. What the node knows without PostgreSQL is said in
     * either case.
     */
    Future<JsonObject> readiness() {
        return Durability.ask(core.database)
                .compose(durable -> nodes.seen())
                .map(seen -> state(true)
                        .put("otherNodes", new JsonArray(others(seen)))
                        .put("nodes", shown(seen)))
                .otherwise(away -> state(false));
    }

    private JsonObject state(boolean ready) {
        return new JsonObject()
                .put("ready", ready)
                .put("node", nodes.id().toString())
                .put("hearsOtherNodes", news.hears())
                .put(
                        "heartbeat",
                        new JsonObject()
                                .put("ageMillis", heartbeat.age().toMillis())
                                .put("tookMillis", heartbeat.took().toMillis()))
                .put("redis", core.redis == null ? "off" : core.redis.isUp() ? "up" : "down")
                .put("limits", limits());
    }

    /** Where the limits of rate are counted, in a word; docs/LIMITS.md has the sentences. */
    private String limits() {
        if (core.redis == null) {
            return core.liveNodes.getAsInt() == 1 ? "exact" : "own";
        }
        return core.redis.isUp() ? "exact" : "share";
    }

    private List<String> others(List<NodeStore.Seen> seen) {
        return seen.stream()
                .filter(one -> !one.nodeId().equals(nodes.id()))
                .map(one -> one.nodeId().toString())
                .toList();
    }

    private static JsonArray shown(List<NodeStore.Seen> seen) {
        JsonArray all = new JsonArray();
        seen.forEach(one -> all.add(
                new JsonObject().put("node", one.nodeId().toString()).put("heartbeatAgeMillis", one.ageMillis())));
        return all;
    }

    private void bindUses(Uses uses) {
        Gauge.builder("fyvault_uses_waiting", uses, Uses::size)
                .description("Credentials and secrets whose last use is not written yet")
                .register(metrics);
        FunctionCounter.builder("fyvault_uses_lost", uses, Uses::lost)
                .description("Uses that were not noted, because too many waited")
                .register(metrics);
    }

    @SuppressWarnings("resource") // lives as long as the process
    private void bindGc() {
        new JvmGcMetrics().bindTo(metrics);
    }
}
