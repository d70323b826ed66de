package com.fyvault;

import com.fyvault.api.Addresses;
import com.fyvault.api.ApiHandler;
import com.fyvault.api.ApiHandlers;
import com.fyvault.api.CrossOrigin;
import com.fyvault.api.Routes;
import com.fyvault.audit.AuditGate;
import com.fyvault.audit.FoldedCounts;
import com.fyvault.audit.GateMetrics;
import com.fyvault.audit.PostgresAuditWriter;
import com.fyvault.connect.ConnectPages;
import com.fyvault.connect.ConnectRoutes;
import com.fyvault.docs.DocsRoutes;
import com.fyvault.federation.ExchangeRoutes;
import com.fyvault.leaks.LeakRoutes;
import com.fyvault.people.OutboxRoutes;
import com.fyvault.people.PersonFrame;
import com.fyvault.platform.http.BodyBudget;
import com.fyvault.platform.http.BodyReader;
import com.fyvault.platform.http.HttpVerticle;
import com.fyvault.platform.http.ReleaseWindow;
import com.fyvault.secrets.ReadSecretRoutes;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts that each event loop has for itself: its gate with a connection of its own, and its handlers. */
final class Serving {
    private static final Logger LOG = LoggerFactory.getLogger(Serving.class);
    private static final Duration COUNTS = Duration.ofSeconds(1);

    private final Core core;
    private final Features features;
    private final EventParts events;
    private final ApiHandlers api;
    private final GateMetrics metrics;
    private final BodyBudget budget;

    Serving(Core core, Features features, EventParts events, ApiHandlers api, GateMetrics metrics) {
        this.core = core;
        this.features = features;
        this.events = events;
        this.api = api;
        this.metrics = metrics;
        this.budget = new BodyBudget(core.settings.http().bodyMemoryBytes());
    }

    Future<HttpVerticle.Served> serve(Vertx loop) {
        return PostgresAuditWriter.connect(loop, core.settings.postgres().application(), core.uses)
                .compose(writer -> {
                    ReleaseWindow window = new ReleaseWindow(core.lease);
                    AuditGate gate = new AuditGate(loop, writer, core.settings.audit(), metrics, window);
                    Open open = new Open(loop, writer, gate, window);
                    BodyReader bodies = new BodyReader(loop, core.settings.http(), budget);
                    // A first start loads hundreds of classes here, which would hold the loop for a tenth of a second.
                    return loop.executeBlocking(() -> doors(loop, gate, bodies), false)
                            .map(doors -> served(open, doors));
                });
    }

    /** The page of unsent mails, where nobody but the developer is. */
    private Predicate<HttpServerRequest> outbox() {
        boolean shown =
                core.settings.rootKey().isDevelopment() && !core.settings.mail().isOn();
        return shown ? new OutboxRoutes(features.people.people().outbox(), core.ids)::tryServe : request -> false;
    }

    /** A loop's way to the database. */
    private record Open(Vertx loop, PostgresAuditWriter writer, AuditGate gate, ReleaseWindow window) {}

    /** What is asked in turn for each request. */
    private record Doors(
            CrossOrigin crossOrigin, ReadSecretRoutes reads, DocsRoutes docs, ConnectPages connect, ApiHandler api) {}

    private Doors doors(Vertx loop, AuditGate gate, BodyReader bodies) {
        Addresses addresses = new Addresses(core.settings.http().proxyDepth());
        ReadSecretRoutes reads = new ReadSecretRoutes(
                features.readSecret,
                features.readPrevious,
                new ReadSecretRoutes.Edge(gate, addresses, features.people.entrance()),
                core.ids);
        Routes routes = new Routes();
        new ExchangeRoutes(features.exchange, new ExchangeRoutes.Edge(gate, bodies, addresses, core.limits))
                .mount(routes);
        new LeakRoutes(features.leaks, new LeakRoutes.Edge(gate, bodies, addresses, core.limits)).mount(routes);
        new ConnectRoutes(features.connect, new ConnectRoutes.Edge(gate, bodies, addresses, core.limits)).mount(routes);
        reads.mount(routes);
        features.mount(routes);
        events.mount(routes);
        PersonFrame people = features.people.frame(new PersonFrame.Edge(gate, bodies, addresses, core.limits));
        features.people.mount(routes, people);
        features.invitations.mount(routes, people);
        features.factors.mount(routes, people);
        features.myKeys.mount(routes, people);
        return new Doors(
                new CrossOrigin(features.people.sites()),
                reads,
                new DocsRoutes(loop, core.ids),
                new ConnectPages(loop, core.ids),
                api.handler(routes, new ApiHandler.Edge(gate, bodies, addresses, core.ids)));
    }

    private HttpVerticle.Served served(Open open, Doors doors) {
        Predicate<HttpServerRequest> outbox = outbox();
        AuditGate gate = open.gate();
        long counts = open.loop()
                .setPeriodic(
                        COUNTS.toMillis(),
                        tick -> FoldedCounts.write(gate, false).onFailure(late -> LOG.warn("counts not written")));
        Context context = open.loop().getOrCreateContext();
        core.loops.add(context);
        return new HttpVerticle.Served(
                request -> {
                    if (!doors.crossOrigin().tryAnswer(request)
                            && !doors.reads().tryRead(request)
                            && !doors.docs().tryServe(request)
                            && !doors.connect().tryServe(request)
                            && !outbox.test(request)) {
                        doors.api().handle(request);
                    }
                },
                () -> {
                    boolean _ = open.loop().cancelTimer(counts);
                    core.loops.remove(context);
                    return FoldedCounts.write(gate, true).eventually(open.writer()::close);
                },
                open.window());
    }
}
