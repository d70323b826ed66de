package com.fyvault;

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
import io.vertx.core.json.JsonObject;

/** What a node says of itself: its metrics, and whether it should get requests. */
final class NodeHealth {
    private final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Database database;

    NodeHealth(Database database, Authority authority, SealedValues values) {
        this.database = database;
        Gauge.builder("fyvault_cached_decisions", authority, Authority::size)
                .description("Token decisions in memory")
                .register(metrics);
        Gauge.builder("fyvault_cached_values", values, SealedValues::size)
                .description("Sealed values in memory")
                .register(metrics);
        new JvmMemoryMetrics().bindTo(metrics);
        new JvmThreadMetrics().bindTo(metrics);
        new ProcessorMetrics().bindTo(metrics);
        bindGc();
    }

    PrometheusMeterRegistry metrics() {
        return metrics;
    }

    /** Ready when PostgreSQL answers and keeps what it acknowledges. */
    Future<JsonObject> readiness() {
        return Durability.ask(database).map(durable -> new JsonObject().put("ready", true));
    }

    @SuppressWarnings("resource") // lives as long as the process
    private void bindGc() {
        new JvmGcMetrics().bindTo(metrics);
    }
}
