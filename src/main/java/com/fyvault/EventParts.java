package com.fyvault;

import com.fyvault.api.Routes;
import com.fyvault.events.EventRoutes;
import com.fyvault.events.Feeds;
import com.fyvault.events.Streams;
import com.fyvault.notices.PostgresNoticeStore;
import com.fyvault.providers.WebhookSecrets;
import com.fyvault.webhooks.DeliveryVerticle;
import com.fyvault.webhooks.PostgresDeliveryStore;
import com.fyvault.webhooks.PostgresOutbox;
import com.fyvault.webhooks.PostgresSigningPrints;
import com.fyvault.webhooks.PostgresWebhookStore;
import com.fyvault.webhooks.PrintSecrets;
import com.fyvault.webhooks.WebhookRoutes;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;

/** Who is told of changes: whoever listens, and webhooks. */
final class EventParts {
    final Feeds feeds;
    final Streams streams;
    final PostgresDeliveryStore deliveries;
    private final Core core;
    private final WebhookSecrets secrets;

    EventParts(Core core) {
        this.core = core;
        this.secrets = new WebhookSecrets(core.keyrings, core.random);
        this.deliveries = new PostgresDeliveryStore(
                core.database, core.events, core.seals, new PostgresOutbox(core.ids, core.clock));
        this.feeds = new Feeds(core.events, core.bell, core.settings.events());
        this.streams = new Streams(new Streams.Parts(
                core.vertx,
                feeds,
                core.authority,
                core.tombstones,
                core.settings.events(),
                core.settings.audit().releaseDeadline()));
    }

    void mount(Routes routes) {
        new EventRoutes(streams, core.clock).mount(routes);
        new WebhookRoutes(
                        new PostgresWebhookStore(core.database, core.seals),
                        secrets,
                        core.settings.deliveries(),
                        core.ids,
                        core.clock)
                .mount(routes);
    }

    void bindTo(MeterRegistry metrics) {
        Gauge.builder("fyvault.event.streams", streams, Streams::size)
                .description("streams of events that are open")
                .register(metrics);
        Gauge.builder("fyvault.event.stream.waiting.max.bytes", streams, Streams::mostWaiting)
                .description("the most that one stream has ever had waiting to be sent")
                .register(metrics);
        FunctionCounter.builder("fyvault.event.streams.cut", streams, Streams::cuts)
                .description("streams that were ended because nobody read them")
                .register(metrics);
    }

    /** What makes the fingerprints of the secrets that sign webhooks. */
    static PrintSecrets prints(Core core) {
        return new PrintSecrets(new PrintSecrets.Parts(
                core.database,
                new PostgresSigningPrints(core.database),
                new WebhookSecrets(core.keyrings, core.random),
                core.valuePrints,
                core.audit,
                core.ids));
    }

    Future<?> start() {
        return core.vertx.deployVerticle(feeds).compose(fed -> core.vertx.deployVerticle(teller()));
    }

    private DeliveryVerticle teller() {
        return new DeliveryVerticle(
                core.settings.deliveries(),
                deliveries,
                new DeliveryVerticle.Parts(
                        core.database,
                        core.bell,
                        secrets,
                        new PostgresNoticeStore(core.database),
                        core.audit,
                        core.ids,
                        core.clock));
    }
}
