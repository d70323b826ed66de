package com.fyvault;

import com.fyvault.advice.PostgresAdviceStore;
import com.fyvault.advice.PostgresDigestStore;
import com.fyvault.advice.SendDigests;
import com.fyvault.api.ApiHandler;
import com.fyvault.api.ApiHandlers;
import com.fyvault.api.PostgresIdempotency;
import com.fyvault.audit.AuditLog;
import com.fyvault.audit.GateMetrics;
import com.fyvault.bootstrap.Bootstrap;
import com.fyvault.bootstrap.OwnerKeys;
import com.fyvault.crypto.RootKeySource;
import com.fyvault.crypto.SelfTest;
import com.fyvault.events.PostgresEventPurge;
import com.fyvault.factors.PostgresFactorPurge;
import com.fyvault.federation.PostgresUsedIdentities;
import com.fyvault.guesses.PostgresGuessStore;
import com.fyvault.leaks.PostgresLeakReports;
import com.fyvault.members.ClearPolicy;
import com.fyvault.nodes.Acknowledgements;
import com.fyvault.nodes.HeartbeatVerticle;
import com.fyvault.nodes.Nodes;
import com.fyvault.nodes.PostgresNews;
import com.fyvault.nodes.PostgresNodeStore;
import com.fyvault.notices.MailDelivery;
import com.fyvault.notices.NoticeVerticle;
import com.fyvault.notices.WebhookDelivery;
import com.fyvault.orgs.Standings;
import com.fyvault.people.MailOutbox;
import com.fyvault.people.MailVerticle;
import com.fyvault.people.PostgresPeopleUpkeep;
import com.fyvault.platform.Preload;
import com.fyvault.platform.config.MailSettings;
import com.fyvault.platform.config.PurgeSettings;
import com.fyvault.platform.config.WebhookSettings;
import com.fyvault.platform.health.ManagementVerticle;
import com.fyvault.platform.http.HttpVerticle;
import com.fyvault.platform.postgres.Durability;
import com.fyvault.providers.PostgresProviderEnds;
import com.fyvault.purge.PostgresPurgeStore;
import com.fyvault.purge.PostgresSessionPurgeStore;
import com.fyvault.purge.PostgresUpkeep;
import com.fyvault.purge.PurgeDeleted;
import com.fyvault.purge.PurgeSessions;
import com.fyvault.purge.PurgeVerticle;
import com.fyvault.tokens.CidrSet;
import com.fyvault.tokens.LocalWithdrawal;
import com.fyvault.tokens.Withdrawals;
import com.fyvault.uses.PostgresUseStore;
import com.fyvault.uses.UseVerticle;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The composition root: the parts in order. */
public final class App {
    private static final Logger LOG = LoggerFactory.getLogger(App.class);
    private static final Duration WARM_UP = Duration.ofSeconds(3);
    /** Left to those who have waited at the door. */
    private static final Duration AT_FIRST = Duration.ofMillis(250);

    private final Core core;
    private final Features features;
    private final HeartbeatVerticle heartbeat;
    private final UseVerticle uses;
    private final PostgresNews news;
    private final NodeHealth health;
    private final EventParts events;
    private final Serving serving;
    private final AtomicInteger port;
    private final AtomicInteger managementPort = new AtomicInteger();

    private App(Core core) {
        this.core = core;
        this.port = new AtomicInteger(core.settings.http().port());
        PostgresNodeStore nodeStore = new PostgresNodeStore(core.database);
        Nodes.Self self = new Nodes.Self(core.ids.next(), core.settings.audit().releaseDeadline(), core.ids::next);
        this.heartbeat = new HeartbeatVerticle(nodeStore, self.id(), core.liveNodes, core.lease);
        this.news = new PostgresNews(core.settings.postgres().application(), self.id());
        core.bell.carriedBy(news);
        this.uses = new UseVerticle(core.uses, new PostgresUseStore(core.database), core.settings.uses());
        LocalWithdrawal here = new LocalWithdrawal(core.authority, core.tombstones, core.loops);
        Nodes nodes = new Nodes(core.vertx, nodeStore, self, new Acknowledgements(news, core.seals, self.id(), here));
        this.features = new Features(core, new Withdrawals(here, nodes));
        this.health = new NodeHealth(core, nodes, news, heartbeat);
        health.watch(core.authority, features.values);
        ApiHandlers api = new ApiHandlers(
                core.authority,
                core.tombstones,
                core.limits,
                new ApiHandler.Doors(features.people.entrance(), features.stepUps),
                new ApiHandlers.ChangeParts(
                        core.database, core.audit, new PostgresIdempotency(), core.fingerprints, core.uses));
        this.events = new EventParts(core);
        events.bindTo(health.metrics());
        this.serving = new Serving(core, features, events, api, new GateMetrics(health.metrics()));
    }

    /** Builds the parts, checks what they stand on, and listens. */
    public static Future<App> start(Vertx vertx, Settings settings, RootKeySource root) {
        Core core = new Core(vertx, settings, root, new SecureRandom());
        // At once: one works, the other makes the parts and waits for PostgreSQL. Nothing listens before both are done.
        Future<Void> tested = core.workers.executeBlocking(() -> selfTest(core.random), false);
        App app = new App(core);
        Future<Void> durable = Durability.check(vertx, core.database)
                .compose(checked -> new PostgresUpkeep(core.database).purge())
                .compose(ready -> vertx.deployVerticle(app.heartbeat))
                .compose(alive -> vertx.deployVerticle(app.news))
                .compose(heard -> vertx.deployVerticle(app.uses))
                .compose(noted -> app.events.start())
                .compose(noted -> app.startLimits())
                .mapEmpty();
        return Future.all(tested, durable)
                .compose(good -> app.tell())
                .compose(told -> app.listen())
                .compose(listening -> vertx.deployVerticle(app.management()))
                .compose(managed -> vertx.deployVerticle(app.purge()))
                .compose(purging -> vertx.deployVerticle(new PurgeVerticle(
                        List.of(SecretParts.prints(core), EventParts.prints(core)),
                        settings.leaks().fingerprints())))
                .map(deployed -> app.warmedUp());
    }

    /** Computes known answers, and uses what would load classes for some 90 ms each on an event loop. */
    private static @Nullable Void selfTest(SecureRandom random) {
        SelfTest.Report tested = SelfTest.run(random);
        String report = new JsonObject().put("report", tested.toString()).encode();
        LOG.info("self-test passed: {}", new JsonObject(report));
        CidrSet ranges = CidrSet.compile(List.of(CidrSet.canonical("10.0.0.0/8"), "2001:db8::/32"));
        LOG.debug("address ranges are ready: {}", ranges);
        return null;
    }

    /** What an operator's command works with, without listening or beating. */
    public record Operator(Bootstrap bootstrap, Standings standings, ClearPolicy policies, Duration releaseDeadline) {}

    /** The operator's parts alone, for a command that neither listens nor beats. */
    public static Future<Operator> operator(Vertx vertx, Settings settings, RootKeySource root) {
        App app = new App(new Core(vertx, settings, root, new SecureRandom()));
        Operator operator = new Operator(
                app.features.bootstrap,
                app.features.standings,
                app.features.policies,
                settings.audit().releaseDeadline());
        return Durability.check(vertx, app.core.database).map(durable -> operator);
    }

    /** The port that was got. */
    public int port() {
        return port.get();
    }

    /** The port of health and metrics. */
    public int managementPort() {
        return managementPort.get();
    }

    public Bootstrap bootstrap() {
        return features.bootstrap;
    }

    /** Makes keys of an organization's owner, for a command that is run beside the server. */
    public OwnerKeys ownerKeys() {
        return features.ownerKeys;
    }

    /** Stops serving, and only then takes this node's row out, so that no other one waits for it. Then Vert.x may be closed. */
    public Future<Void> stop() {
        String last = heartbeat.deploymentID();
        String noted = uses.deploymentID();
        return events.streams
                .drain()
                .transform(drained -> Future.join(core.vertx.deploymentIDs().stream()
                        .filter(id -> !id.equals(last) && !id.equals(noted))
                        .map(core.vertx::undeploy)
                        .toList()))
                .transform(stopped -> core.vertx.undeploy(noted))
                .transform(stopped -> core.redis == null ? Future.succeededFuture() : core.redis.close())
                .transform(stopped -> core.vertx.undeploy(last));
    }

    /** Redis is tried once before anybody is served; a node starts without it as well. */
    private Future<Void> startLimits() {
        core.limits.start();
        if (core.redis == null) {
            return Future.succeededFuture();
        }
        core.redis.bindTo(health.metrics());
        if (core.sharedDecisions != null) {
            core.sharedDecisions.bindTo(health.metrics());
        }
        return core.redis.start();
    }

    private Future<Void> listen() {
        AtomicInteger connections = new AtomicInteger();
        Future<Void> done = Future.succeededFuture();
        for (int i = 0; i < core.settings.http().eventLoops(); i++) {
            // One after the other, so that a port in use fails once.
            done = done.compose(before -> core.vertx
                    .deployVerticle(
                            new HttpVerticle(core.settings.http(), port, connections, core.ids::next, serving::serve))
                    .mapEmpty());
        }
        return done;
    }

    private ManagementVerticle management() {
        return new ManagementVerticle(core.settings.http(), health.metrics(), health::readiness, managementPort);
    }

    private Future<Void> tell() {
        MailSettings mail = core.settings.mail();
        WebhookSettings webhook = core.settings.webhook();
        List<Future<String>> told = new ArrayList<>();
        if (mail.isOn()) {
            told.add(core.vertx.deployVerticle(
                    new NoticeVerticle(features.notices, new MailDelivery(core.vertx, mail), mail.interval())));
        }
        if (mail.isOn()) {
            MailOutbox outbox = features.people.people().outbox();
            told.add(core.vertx.deployVerticle(new MailVerticle(outbox, mail)));
            told.add(core.vertx.deployVerticle(digests(outbox)));
        }
        if (webhook.isOn()) {
            WebhookDelivery delivery = new WebhookDelivery(core.vertx, webhook, core.clock);
            told.add(core.vertx.deployVerticle(new NoticeVerticle(features.notices, delivery, webhook.interval())));
        }
        if (told.isEmpty()) {
            LOG.info("no mail server and no webhook is set: notices are kept, not sent");
        }
        return Future.all(told).mapEmpty();
    }

    private PurgeVerticle digests(MailOutbox outbox) {
        SendDigests digests = new SendDigests(
                core.database,
                new PostgresDigestStore(core.database, core.seals),
                new PostgresAdviceStore(core.database),
                outbox);
        return new PurgeVerticle(List.of(digests), core.settings.advice().digests());
    }

    private PurgeVerticle purge() {
        PurgeSettings settings = core.settings.purge();
        AuditLog audit = core.audit;
        PurgeDeleted deleted = new PurgeDeleted(core.database, new PostgresPurgeStore(), audit, core.ids, settings);
        PurgeSessions sessions = new PurgeSessions(
                core.database,
                new PostgresSessionPurgeStore(core.database),
                audit,
                core.ids,
                new PurgeSessions.Bounds(
                        core.settings.credentials().sessionsKept(), settings.batch(), settings.batches()));
        return new PurgeVerticle(
                List.of(
                        new PostgresUpkeep(core.database),
                        new PostgresUsedIdentities(core.database),
                        new PostgresEventPurge(core.database),
                        events.deliveries,
                        new PostgresLeakReports(core.database),
                        new PostgresProviderEnds(core.database, audit, core.ids),
                        new PostgresGuessStore(core.database),
                        new PostgresFactorPurge(core.database),
                        new PostgresPeopleUpkeep(core.database),
                        deleted,
                        sessions),
                settings.interval());
    }

    /**
     * Beside the first requests: AES is interpreted, and slow, until it has been used for a while; and nobody has
     * needed a TLS client or a password yet.
     */
    private App warmedUp() {
        long _ = core.vertx.setTimer(
                AT_FIRST.toMillis(),
                begun -> core.workers
                        .executeBlocking(
                                () -> {
                                    Preload.useTls();
                                    return SelfTest.warmUp(core.random, WARM_UP);
                                },
                                false)
                        .compose(warm -> features.people.warmUp())
                        .onFailure(failure -> LOG.warn("warm-up failed", failure)));
        return this;
    }
}
