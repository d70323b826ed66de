package com.fyvault.leaks;

import com.fyvault.api.Addresses;
import com.fyvault.api.Routes;
import com.fyvault.audit.AuditAction;
import com.fyvault.audit.AuditGate;
import com.fyvault.audit.AuditLog;
import com.fyvault.crypto.EcdsaKey;
import com.fyvault.crypto.Sha256;
import com.fyvault.crypto.Uuid7;
import com.fyvault.crypto.ValuePrints;
import com.fyvault.federation.HttpKeyFetch;
import com.fyvault.handles.HandleStore;
import com.fyvault.limits.Limits;
import com.fyvault.notices.NoticeStore;
import com.fyvault.people.EndFound;
import com.fyvault.platform.async.EvenTime;
import com.fyvault.platform.config.LeakSettings;
import com.fyvault.platform.http.BodyReader;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.ErrorExit;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Database;
import com.fyvault.tokens.ClientAddress;
import com.fyvault.tokens.Withdrawals;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The two doors for those who find keys in public; neither asks for a token. One takes lists that GitHub has signed, the other
 * anything from whoever has the text itself, and tells nothing of what it was.
 */
public final class LeakRoutes {
    private static final int LARGEST_LIST = 2 * 1_024 * 1_024;
    private static final int LARGEST_REPORT = 256 * 1_024;
    private static final int LONGEST_HEADER = 256;
    /** Reports at once on a node, of each kind. */
    private static final int AT_ONCE = 64;
    /** Well above what it takes to revoke something on all nodes: the time must not tell what the answer does not. */
    private static final Duration EVEN = Duration.ofSeconds(1);

    private final Shared shared;
    private final Edge edge;

    /** What all event loops share. */
    public static final class Shared {
        private final TakeLeaks leaks;
        private final TakeSightings sightings;
        private final @Nullable GithubKeys keys;
        private final WorkerExecutor workers;
        private final LeakSettings settings;
        private final LeakReports reports;
        /** What is under way, each for itself: strangers must not keep GitHub out. */
        private final AtomicInteger verifying = new AtomicInteger();

        private final AtomicInteger signed = new AtomicInteger();
        private final AtomicInteger unsigned = new AtomicInteger();

        /** What leaks are ended with. */
        public record Parts(
                Database database,
                PostgresLeakStore store,
                PostgresLeakReports reports,
                HandleStore handles,
                EndFound people,
                AuditLog audit,
                NoticeStore notices,
                Withdrawals withdrawals,
                ValuePrints prints,
                Uuid7 ids,
                Limits limits) {}

        public Shared(Vertx vertx, LeakSettings settings, HttpKeyFetch fetch, WorkerExecutor workers, Parts parts) {
            this.settings = settings;
            this.workers = workers;
            this.reports = parts.reports();
            this.keys = settings.githubKeys().isEmpty()
                    ? null
                    : new GithubKeys(vertx, settings.githubKeys(), fetch, System::nanoTime);
            EndLeaked ending = new EndLeaked(
                    new EndLeaked.Parts(
                            parts.database(),
                            parts.store(),
                            parts.handles(),
                            parts.audit(),
                            parts.notices(),
                            parts.withdrawals()),
                    parts.ids());
            Sighting.Eyes eyes =
                    new Sighting.Eyes(parts.prints(), parts.people().logins());
            this.leaks = new TakeLeaks(
                    parts.store(), ending, parts.people(), eyes, new TakeLeaks.Tools(workers, parts.ids()));
            this.sightings = new TakeSightings(
                    new TakeSightings.Parts(parts.store(), ending, parts.people(), eyes, workers, parts.ids()),
                    parts.limits(),
                    settings.sightings());
        }

        /** What scanners of an organization itself report; needs nothing of the event loop. */
        public void mount(Routes routes) {
            routes.post("/orgs/{org}/leaks/sightings", "reportSightings", AuditAction.LEAK_SIGHTINGS)
                    .changesAuthority(sightings::take);
        }

        private static <T> Future<T> bounded(AtomicInteger running, Supplier<Future<T>> work) {
            if (running.incrementAndGet() > AT_ONCE) {
                running.decrementAndGet();
                return Future.failedFuture(Refusal.of(ErrorCode.OVERLOADED));
            }
            return Future.succeededFuture().compose(go -> work.get()).onComplete(done -> running.decrementAndGet());
        }
    }

    /** What belongs to the event loop. */
    public record Edge(AuditGate gate, BodyReader bodies, Addresses addresses, Limits limits) {}

    public LeakRoutes(Shared shared, Edge edge) {
        this.shared = shared;
        this.edge = edge;
    }

    public void mount(Routes routes) {
        routes.post("/leaks/github", "reportLeaksFromGithub", AuditAction.LEAK_FOUND)
                .owns((id, request, path) -> github(id, request));
        routes.post("/leaks/report", "reportLeak", AuditAction.LEAK_FOUND)
                .owns((id, request, path) -> possession(id, request));
    }

    private void github(UUID id, HttpServerRequest request) {
        request.pause();
        @Nullable GithubKeys keys = shared.keys;
        if (keys == null) {
            throw Refusal.of(ErrorCode.ROUTE_NOT_FOUND);
        }
        edge.gate().checkDoor();
        ClientAddress address = edge.addresses().of(request);
        edge.limits().checkLookup(address);
        Origin origin = new Origin(id, "github", address);
        edge.bodies()
                .read(request, LARGEST_LIST)
                .compose(body -> Shared.bounded(shared.verifying, () -> genuine(keys, request, body))
                        .onComplete(done -> edge.bodies().release(body)))
                .compose(signed -> Shared.bounded(shared.signed, () -> taken(origin, signed)))
                .onSuccess(labels -> answer(request, id, 200, labels))
                .onFailure(failure ->
                        ErrorExit.end(request, id.toString(), edge.limits().judged(address, failure)));
    }

    /** What GitHub has signed. */
    private record Signed(byte[] digest, List<Report> reports) {}

    /**
     * Does what a report says, and notes it before it is answered: from then on it is refused. One whose answer did not get
     * through is refused as well when it comes again, for all of it is done. What fails may come again.
     */
    private Future<Buffer> taken(Origin origin, Signed signed) {
        LeakReports reports = shared.reports;
        return reports.take(signed.digest()).compose(mine -> {
            if (!mine) {
                throw Refusal.of(ErrorCode.LEAK_REPORT_REPEATED);
            }
            return shared.leaks
                    .take(origin, signed.reports())
                    .compose(ours -> reports.answered(signed.digest())
                            .map(noted -> labels(signed.reports(), ours).toBuffer()))
                    .recover(failure ->
                            reports.giveBack(signed.digest()).transform(given -> Future.<Buffer>failedFuture(failure)));
        });
    }

    /** The reports of a body whose bytes GitHub has signed. Nothing is parsed before that is known. */
    private Future<Signed> genuine(GithubKeys keys, HttpServerRequest request, Buffer body) {
        String name = header(request, "github-public-key-identifier");
        byte[] signature = decoded(header(request, "github-public-key-signature"));
        return keys.find(name).compose(key -> {
            if (key == null) {
                throw Refusal.of(ErrorCode.SIGNATURE_REFUSED);
            }
            return shared.workers.executeBlocking(() -> read(key, signature, body.getBytes()), false);
        });
    }

    private static Signed read(EcdsaKey key, byte[] signature, byte[] body) {
        if (!key.verify(body, signature)) {
            throw Refusal.of(ErrorCode.SIGNATURE_REFUSED);
        }
        return new Signed(Sha256.hash(body), ReportReader.list(body));
    }

    /** A header that is there once. */
    private static String header(HttpServerRequest request, String name) {
        List<String> values = request.headers().getAll(name);
        if (values.size() != 1 || values.get(0).isEmpty() || values.get(0).length() > LONGEST_HEADER) {
            throw Refusal.of(ErrorCode.SIGNATURE_REFUSED);
        }
        return values.get(0);
    }

    private static byte[] decoded(String signature) {
        try {
            return Base64.getDecoder().decode(signature);
        } catch (IllegalArgumentException malformed) {
            throw Refusal.of(ErrorCode.SIGNATURE_REFUSED);
        }
    }

    private static JsonArray labels(List<Report> reports, List<Boolean> ours) {
        JsonArray labels = new JsonArray();
        for (int i = 0; i < reports.size(); i++) {
            Report report = reports.get(i);
            byte[] hash = Sha256.hash(report.token().getBytes(StandardCharsets.UTF_8));
            labels.add(new JsonObject()
                    .put("token_hash", HexFormat.of().formatHex(hash))
                    .put("token_type", report.type())
                    .put("label", ours.get(i) ? "true_positive" : "false_positive"));
        }
        return labels;
    }

    private void possession(UUID id, HttpServerRequest request) {
        request.pause();
        edge.gate().checkDoor();
        ClientAddress address = edge.addresses().of(request);
        Origin origin = new Origin(id, "possession", address);
        edge.limits()
                .admit(address, "leak-reports", shared.settings.reports())
                .compose(admitted -> edge.bodies().read(request, LARGEST_REPORT))
                .map(body -> {
                    edge.bodies().release(body);
                    return ReportReader.one(body.getBytes());
                })
                .compose(report -> Shared.bounded(
                        shared.unsigned,
                        () -> EvenTime.atLeast(EVEN, () -> shared.leaks.take(origin, List.of(report)))))
                .onSuccess(done -> answer(request, id, 202, accepted()))
                .onFailure(failure -> ErrorExit.end(request, id.toString(), failure));
    }

    private static Buffer accepted() {
        return new JsonObject()
                .put("success", true)
                .put("data", new JsonObject().put("accepted", true))
                .toBuffer();
    }

    private static void answer(HttpServerRequest request, UUID id, int status, Buffer body) {
        HttpServerResponse response = request.response();
        if (response.ended() || response.closed()) {
            return;
        }
        response.setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .putHeader("x-request-id", id.toString())
                .end(body)
                .onFailure(gone -> ErrorExit.clientGone());
    }
}
