package com.fyvault;

import com.fyvault.nodes.News;
import com.fyvault.nodes.Nodes;
import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Durability;
import com.fyvault.secrets.SealedValues;
import com.fyvault.tokens.Authority;
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
import java.util.UUID;

/** What a node says of itself: its metrics, and whether it should get requests. */
final class NodeHealth {
    private final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Database database;
    private final Nodes nodes;
    private final News news;

    NodeHealth(Database database, Nodes nodes, News news) {
        this.database = database;
        this.nodes = nodes;
        this.news = news;
        Gauge.builder("fyvault_news_heard", news, carrier -> carrier.hears() ? 1 : 0)
                .description("1 while this node hears what other nodes tell")
                .register(metrics);
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

    /** Ready when PostgreSQL answers and keeps what it acknowledges. */
    Future<JsonObject> readiness() {
        return Durability.ask(database)
                .compose(durable -> nodes.others())
                .map(others -> new JsonObject()
                        .put("ready", true)
                        .put("node", nodes.id().toString())
                        .put(
                                "otherNodes",
                                new JsonArray(
                                        others.stream().map(UUID::toString).toList()))
                        .put("hearsOtherNodes", news.hears()));
    }

    @SuppressWarnings("resource") // lives as long as the process
    private void bindGc() {
        new JvmGcMetrics().bindTo(metrics);
    }
}
