package com.fyvault;

import com.fyvault.api.Addresses;
import com.fyvault.api.ApiHandler;
import com.fyvault.api.ApiHandlers;
import com.fyvault.api.PostgresIdempotency;
import com.fyvault.api.Routes;
import com.fyvault.audit.AuditGate;
import com.fyvault.audit.FoldedCounts;
import com.fyvault.audit.GateMetrics;
import com.fyvault.audit.PostgresAuditLog;
import com.fyvault.audit.PostgresAuditWriter;
import com.fyvault.bootstrap.Bootstrap;
import com.fyvault.bootstrap.PostgresOrgWriter;
import com.fyvault.credentials.KeyRoutes;
import com.fyvault.credentials.Minting;
import com.fyvault.credentials.PostgresKeyStore;
import com.fyvault.credentials.PostgresReachStore;
import com.fyvault.crypto.Envelope;
import com.fyvault.crypto.RootKeySource;
import com.fyvault.crypto.RowSeal;
import com.fyvault.crypto.SelfTest;
import com.fyvault.crypto.SubKeys;
import com.fyvault.crypto.Uuid7;
import com.fyvault.environments.Directory;
import com.fyvault.environments.EnvironmentRoutes;
import com.fyvault.environments.EnvironmentStore;
import com.fyvault.environments.Places;
import com.fyvault.environments.PostgresDirectoryStore;
import com.fyvault.environments.PostgresEnvironmentStore;
import com.fyvault.environments.PostgresPlaceStore;
import com.fyvault.nodes.HeartbeatVerticle;
import com.fyvault.nodes.Nodes;
import com.fyvault.nodes.PostgresNodeStore;
import com.fyvault.orgs.Keyrings;
import com.fyvault.orgs.OrgRoutes;
import com.fyvault.orgs.PostgresOrgKeyStore;
import com.fyvault.orgs.PostgresOrgStore;
import com.fyvault.platform.async.EventLoops;
import com.fyvault.platform.health.ManagementVerticle;
import com.fyvault.platform.http.BodyReader;
import com.fyvault.platform.http.HttpVerticle;
import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Durability;
import com.fyvault.projects.PostgresProjectStore;
import com.fyvault.projects.ProjectRoutes;
import com.fyvault.projects.ProjectStore;
import com.fyvault.secrets.BulkOpener;
import com.fyvault.secrets.PostgresBulkValueStore;
import com.fyvault.secrets.PostgresSealedValueStore;
import com.fyvault.secrets.PostgresSecretStore;
import com.fyvault.secrets.ReadSecret;
import com.fyvault.secrets.ReadSecretRoutes;
import com.fyvault.secrets.ReadValues;
import com.fyvault.secrets.SealedValues;
import com.fyvault.secrets.SecretRoutes;
import com.fyvault.secrets.SecretStore;
import com.fyvault.secrets.ValueOpener;
import com.fyvault.secrets.VersionWriter;
import com.fyvault.tokens.Authority;
import com.fyvault.tokens.PostgresCredentialStore;
import com.fyvault.tokens.Tombstones;
import com.fyvault.tokens.Withdrawals;
import com.fyvault.trail.PostgresTrailStore;
import com.fyvault.trail.TrailRoutes;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The composition root: the parts in order. */
public final class App {
    private static final Logger LOG = LoggerFactory.getLogger(App.class);
    private static final Duration WARM_UP = Duration.ofSeconds(3);
    private static final Duration COUNTS = Duration.ofSeconds(1);
    private static final int WORKERS = Math.max(2, Runtime.getRuntime().availableProcessors());

    private final Settings settings;
    private final Vertx vertx;
    private final WorkerExecutor workers;
    private final Uuid7 ids;
    private final Database database;
    private final Authority authority;
    private final Tombstones tombstones = new Tombstones();
    private final ReadSecret readSecret;
    private final SecretRoutes secretRoutes;
    private final KeyRoutes keyRoutes;
    private final HeartbeatVerticle heartbeat;
    private final EventLoops loops = new EventLoops();
    private final OrgRoutes orgRoutes;
    private final TrailRoutes trailRoutes;
    private final EnvironmentRoutes environmentRoutes;
    private final ProjectRoutes projectRoutes;
    private final ApiHandlers api;
    private final Bootstrap bootstrap;
    private final NodeHealth health;
    private final GateMetrics gateMetrics;
    private final AtomicInteger port;
    private final AtomicInteger managementPort = new AtomicInteger();

    private App(Vertx vertx, Settings settings, RootKeySource root, SecureRandom random) {
        this.vertx = vertx;
        this.settings = settings;
        this.port = new AtomicInteger(settings.http().port());
        this.ids = new Uuid7(Clock.systemUTC(), random);
        SubKeys keys = root.subKeys();
        RowSeal seals = new RowSeal(keys.rowSeal());
        this.workers = vertx.createSharedWorkerExecutor("fyvault-crypto", WORKERS);
        this.database = new Database(vertx, settings.postgres(), "fyvault");
        this.authority = new Authority(vertx, new PostgresCredentialStore(database, seals), settings.cache());
        // Keys are looked up inside transactions: from the same pool they could wait for themselves.
        Database keyLookups = new Database(vertx, settings.postgres().withPoolSize(2), "fyvault-keys");
        PostgresOrgKeyStore orgKeys = new PostgresOrgKeyStore(keyLookups);
        Keyrings keyrings = new Keyrings(vertx, orgKeys, root, workers);
        Directory directory = new Directory(vertx, new PostgresDirectoryStore(database));
        SealedValues values = new SealedValues(vertx, new PostgresSealedValueStore(database, seals), settings.cache());
        ValueOpener opener = new ValueOpener(keyrings, workers);
        this.readSecret = new ReadSecret(authority, directory, values, opener, tombstones);
        this.api = new ApiHandlers(
                authority,
                tombstones,
                new ApiHandlers.ChangeParts(
                        database, new PostgresAuditLog(), new PostgresIdempotency(), new RowSeal(keys.idempotency())));
        this.health = new NodeHealth(database, authority, values);
        this.gateMetrics = new GateMetrics(health.metrics());
        SecretStore secrets = new PostgresSecretStore(database, seals);
        VersionWriter versions = new VersionWriter(keyrings, new Envelope(random), workers, secrets);
        Places places = new Places(new PostgresPlaceStore(database));
        ReadValues bulk =
                new ReadValues(places, new PostgresBulkValueStore(database, seals), new BulkOpener(keyrings, workers));
        this.secretRoutes =
                new SecretRoutes(places, new SecretRoutes.Parts(secrets, versions, opener, bulk), ids, random);
        PostgresNodeStore nodes = new PostgresNodeStore(database);
        UUID nodeId = ids.next();
        this.heartbeat = new HeartbeatVerticle(nodes, nodeId);
        PostgresKeyStore keyStore = new PostgresKeyStore(database, seals);
        this.keyRoutes = new KeyRoutes(
                new KeyRoutes.Parts(
                        keyStore,
                        new PostgresReachStore(),
                        new Minting(keyStore, authority, ids, random),
                        new Withdrawals(
                                authority,
                                tombstones,
                                loops,
                                new Nodes(vertx, nodes, nodeId, settings.audit().releaseDeadline())),
                        Clock.systemUTC()),
                settings.credentials());
        this.orgRoutes = new OrgRoutes(new PostgresOrgStore(database));
        this.trailRoutes = new TrailRoutes(new PostgresTrailStore(database));
        EnvironmentStore environments = new PostgresEnvironmentStore(database, ids);
        ProjectStore projects = new PostgresProjectStore(database, environments);
        this.environmentRoutes = new EnvironmentRoutes(environments, ids);
        this.projectRoutes = new ProjectRoutes(projects, ids);
        this.bootstrap = new Bootstrap(
                database,
                new PostgresOrgWriter(ids, seals, projects),
                orgKeys,
                keyStore,
                new Bootstrap.Tools(ids, random, Clock.systemUTC(), root));
    }

    /** Builds the parts, checks what they stand on, and listens. */
    public static Future<App> start(Vertx vertx, Settings settings, RootKeySource root) {
        SecureRandom random = new SecureRandom();
        SelfTest.Report tested = SelfTest.run(random);
        LOG.info("self-test passed: {}", tested);
        App app = new App(vertx, settings, root, random);
        return Durability.check(vertx, app.database)
                .compose(durable -> app.listen())
                .compose(listening -> vertx.deployVerticle(app.management()))
                .map(deployed -> app.warmedUp(random));
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
        return bootstrap;
    }

    private ManagementVerticle management() {
        return new ManagementVerticle(settings.http(), health.metrics(), health::readiness, managementPort);
    }

    /** AES is interpreted, and slow, until it has been used for a while: use it beside the first requests. */
    private App warmedUp(SecureRandom random) {
        workers.executeBlocking(() -> SelfTest.warmUp(random, WARM_UP), false)
                .onFailure(failure -> LOG.warn("warm-up failed", failure));
        return this;
    }

    private Future<Void> listen() {
        AtomicInteger connections = new AtomicInteger();
        Future<?> done = vertx.deployVerticle(heartbeat);
        for (int i = 0; i < settings.http().eventLoops(); i++) {
            // One after the other, so that a port in use fails once.
            done = done.compose(before -> vertx.deployVerticle(
                            new HttpVerticle(settings.http(), port, connections, ids::next, this::serve))
                    .mapEmpty());
        }
        return done.mapEmpty();
    }

    /** The parts of one event loop. */
    private Future<HttpVerticle.Served> serve(Vertx loop) {
        return PostgresAuditWriter.connect(loop, settings.postgres().application())
                .map(writer -> {
                    AuditGate gate = new AuditGate(loop, writer, settings.audit(), gateMetrics);
                    Addresses addresses = new Addresses(settings.http().proxyDepth());
                    ApiHandler.Edge edge =
                            new ApiHandler.Edge(gate, new BodyReader(loop, settings.http()), addresses, ids);
                    Routes routes = new Routes();
                    ReadSecretRoutes reads = new ReadSecretRoutes(readSecret, gate, addresses, ids);
                    reads.mount(routes);
                    secretRoutes.mount(routes);
                    keyRoutes.mount(routes);
                    orgRoutes.mount(routes);
                    trailRoutes.mount(routes);
                    environmentRoutes.mount(routes);
                    projectRoutes.mount(routes);
                    ApiHandler handler = api.handler(routes, edge);
                    long counts = loop.setPeriodic(
                            COUNTS.toMillis(),
                            tick -> FoldedCounts.write(gate, false).onFailure(late -> LOG.warn("counts not written")));
                    Context context = loop.getOrCreateContext();
                    loops.add(context);
                    return new HttpVerticle.Served(
                            request -> {
                                if (!reads.tryRead(request)) {
                                    handler.handle(request);
                                }
                            },
                            () -> {
                                boolean _ = loop.cancelTimer(counts);
                                loops.remove(context);
                                return FoldedCounts.write(gate, true).eventually(writer::close);
                            });
                });
    }
}
