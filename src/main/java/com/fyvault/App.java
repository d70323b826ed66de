package com.fyvault;

import com.fyvault.api.Addresses;
import com.fyvault.api.ApiHandler;
import com.fyvault.api.ApiHandlers;
import com.fyvault.api.PostgresIdempotency;
import com.fyvault.api.Routes;
import com.fyvault.audit.AuditGate;
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
import com.fyvault.environments.Places;
import com.fyvault.environments.PostgresDirectoryStore;
import com.fyvault.environments.PostgresPlaceStore;
import com.fyvault.nodes.HeartbeatVerticle;
import com.fyvault.nodes.Nodes;
import com.fyvault.nodes.PostgresNodeStore;
import com.fyvault.orgs.Keyrings;
import com.fyvault.orgs.PostgresOrgKeyStore;
import com.fyvault.platform.async.EventLoops;
import com.fyvault.platform.http.BodyReader;
import com.fyvault.platform.http.HttpVerticle;
import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Durability;
import com.fyvault.secrets.PostgresSealedValueStore;
import com.fyvault.secrets.PostgresSecretStore;
import com.fyvault.secrets.ReadSecret;
import com.fyvault.secrets.ReadSecretRoutes;
import com.fyvault.secrets.SealedValues;
import com.fyvault.secrets.SecretRoutes;
import com.fyvault.secrets.SecretStore;
import com.fyvault.secrets.ValueOpener;
import com.fyvault.secrets.VersionWriter;
import com.fyvault.tokens.Authority;
import com.fyvault.tokens.PostgresCredentialStore;
import com.fyvault.tokens.Tombstones;
import com.fyvault.tokens.Withdrawals;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The composition root: the parts in order. */
public final class App {
    private static final Logger LOG = LoggerFactory.getLogger(App.class);
    private static final int WORKERS = Math.max(2, Runtime.getRuntime().availableProcessors());

    private final Settings settings;
    private final Vertx vertx;
    private final Uuid7 ids;
    private final Database database;
    private final Authority authority;
    private final Tombstones tombstones = new Tombstones();
    private final ReadSecret readSecret;
    private final SecretRoutes secretRoutes;
    private final KeyRoutes keyRoutes;
    private final HeartbeatVerticle heartbeat;
    private final EventLoops loops = new EventLoops();
    private final ApiHandlers api;
    private final Bootstrap bootstrap;
    private final AtomicInteger port;

    private App(Vertx vertx, Settings settings, RootKeySource root, SecureRandom random) {
        this.vertx = vertx;
        this.settings = settings;
        this.port = new AtomicInteger(settings.http().port());
        this.ids = new Uuid7(Clock.systemUTC(), random);
        SubKeys keys = root.subKeys();
        RowSeal seals = new RowSeal(keys.rowSeal());
        WorkerExecutor workers = vertx.createSharedWorkerExecutor("fyvault-crypto", WORKERS);
        this.database = new Database(vertx, settings.postgres());
        this.authority = new Authority(vertx, new PostgresCredentialStore(database, seals), settings.cache());
        PostgresOrgKeyStore orgKeys = new PostgresOrgKeyStore(database);
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
        SecretStore secrets = new PostgresSecretStore(database, seals);
        VersionWriter versions = new VersionWriter(keyrings, new Envelope(random), workers, secrets);
        this.secretRoutes = new SecretRoutes(
                new Places(new PostgresPlaceStore(database)),
                new SecretRoutes.Parts(secrets, versions, opener),
                ids,
                random);
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
        this.bootstrap = new Bootstrap(
                database,
                new PostgresOrgWriter(ids, seals),
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
        return Durability.check(app.database).compose(durable -> app.listen()).map(app);
    }

    /** The port that was got. */
    public int port() {
        return port.get();
    }

    public Bootstrap bootstrap() {
        return bootstrap;
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
                    AuditGate gate = new AuditGate(loop, writer, settings.audit());
                    Addresses addresses = new Addresses(settings.http().proxyDepth());
                    ApiHandler.Edge edge =
                            new ApiHandler.Edge(gate, new BodyReader(loop, settings.http()), addresses, ids);
                    Routes routes = new Routes();
                    ReadSecretRoutes reads = new ReadSecretRoutes(readSecret, gate, addresses, ids);
                    reads.mount(routes);
                    secretRoutes.mount(routes);
                    keyRoutes.mount(routes);
                    ApiHandler handler = api.handler(routes, edge);
                    Context context = loop.getOrCreateContext();
                    loops.add(context);
                    return new HttpVerticle.Served(
                            request -> {
                                if (!reads.tryRead(request)) {
                                    handler.handle(request);
                                }
                            },
                            () -> {
                                loops.remove(context);
                                return writer.close();
                            });
                });
    }
}
