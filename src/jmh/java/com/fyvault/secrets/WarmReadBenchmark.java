package com.fyvault.secrets;

import com.fyvault.api.Addresses;
import com.fyvault.api.Entrance;
import com.fyvault.audit.AuditGate;
import com.fyvault.audit.AuditRecord;
import com.fyvault.audit.AuditWriter;
import com.fyvault.audit.GateMetrics;
import com.fyvault.audit.Verdict;
import com.fyvault.crypto.Uuid7;
import com.fyvault.platform.config.AuditSettings;
import com.fyvault.platform.http.ReleaseWindow;
import com.fyvault.tokens.ClientAddress;
import com.fyvault.tokens.TokenHash;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What does a warm read cost this process when nothing but its own work is counted?
///
/// Everything between the parsed request and the written answer is the real thing, on a real event loop: the request's
/// token is hashed, its decision found, the value opened, the record submitted, the batch settled, the answer encoded.
/// Two ends are stand-ins. The writer of audit records says GOOD at once, without a PostgreSQL, and so makes no
/// statement of the batch: what the database's side costs is in `bench read`. The request and its response are proxies
/// that hold a method, an address, a header and a body: no socket, no parsing. Their reflective calls are in the figure
/// and cost it more than the fields of Vert.x's own classes would.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class WarmReadBenchmark {
    /// Reads that are settled together. The last one fills the batch, so that nothing waits for a timer.
    private static final int BATCH = 64;

    /// Many batches a call: the hand-over to the event loop and back is not to be measured.
    private static final int BATCHES = 64;

    private static final Duration LONG = Duration.ofSeconds(10);

    @Param({"64", "16384"})
    public int length;

    private final WarmRequest[] requests = new WarmRequest[BATCH];
    private Vertx vertx;
    private Context loop;
    private ReadSecretRoutes routes;

    @Setup
    public void warm() throws Exception {
        SecureRandom random = new SecureRandom();
        vertx = Vertx.vertx();
        WarmVault vault = WarmVault.make(vertx, random, length);
        Arrays.setAll(requests, i -> new WarmRequest(vault.uri(), vault.authorization()));
        AuditSettings settings = new AuditSettings(BATCH, 2_000, 200, 10_000, LONG, LONG, LONG);
        GateMetrics metrics = new GateMetrics(new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
        Uuid7 ids = new Uuid7(Clock.systemUTC(), random);
        loop = vertx.getOrCreateContext();
        CountDownLatch made = new CountDownLatch(1);
        loop.runOnContext(go -> {
            AuditGate gate =
                    new AuditGate(vertx, new AtOnce(), settings, metrics, new ReleaseWindow(() -> Long.MAX_VALUE / 2));
            routes = new ReadSecretRoutes(
                    vault.readSecret(),
                    // Who asks for a version does not come this way.
                    new ReadPrevious(null, null, null),
                    new ReadSecretRoutes.Edge(gate, new Addresses(0), new NoPeople()),
                    ids);
            made.countDown();
        });
        made.await();
        // The first reads find nothing in memory, ask the stores and wait; from then on everything is there.
        run(1);
        for (WarmRequest request : requests) {
            request.mustHaveAnswered(length);
        }
    }

    @TearDown
    public void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Benchmark
    @OperationsPerInvocation(BATCH * BATCHES)
    public WarmRequest read() throws InterruptedException {
        run(BATCHES);
        requests[0].mustHaveAnswered(length);
        return requests[0];
    }

    private void run(int batches) throws InterruptedException {
        CountDownLatch answers = new CountDownLatch(BATCH);
        loop.runOnContext(go -> {
            for (int i = 0; i < batches; i++) {
                for (WarmRequest request : requests) {
                    request.renew(i + 1 == batches ? answers : null);
                    if (!routes.tryRead(request.asRequest())) {
                        throw new IllegalStateException("not the hot route");
                    }
                }
            }
        });
        if (!answers.await(LONG.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException(answers.getCount() + " reads have no answer");
        }
    }

    private static final class AtOnce implements AuditWriter {
        @Override
        public Future<Verdict[]> write(List<AuditRecord> records) {
            Verdict[] verdicts = new Verdict[records.size()];
            Arrays.fill(verdicts, Verdict.GOOD);
            return Future.succeededFuture(verdicts);
        }

        @Override
        public void reset() {
            throw new IllegalStateException("it never fails");
        }
    }

    private static final class NoPeople implements Entrance {
        @Override
        public Future<Void> check(HttpServerRequest request) {
            return Future.failedFuture("no people");
        }

        @Override
        public Future<TokenHash> enter(HttpServerRequest request, @Nullable String org, ClientAddress address) {
            return Future.failedFuture("no people");
        }
    }
}
