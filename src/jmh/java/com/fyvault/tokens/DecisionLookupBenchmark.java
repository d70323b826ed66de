package com.fyvault.tokens;

import com.fyvault.platform.config.CacheSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What does it cost to find the ready decision of a token among many, and to ask it what every request asks?
///
/// The tokens are asked for in a random order, so with 100,000 of them the processor's caches do not hold them all. The
/// store behind the cache is only asked while it is filled.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class DecisionLookupBenchmark {
    private static final UUID ORG = new UUID(7, 7);

    @Param({"1000", "100000"})
    public int decisions;

    private final Map<TokenHash, Credential> stored = new HashMap<>();
    private final String org = ORG.toString();
    private TokenHash[] order;
    private int at;
    private Vertx vertx;
    private Authority authority;
    private ClientAddress address;

    @Setup
    public void fill() throws UnknownHostException {
        SecureRandom random = new SecureRandom();
        vertx = Vertx.vertx();
        authority = new Authority(vertx, new Store(), new CacheSettings(2 * decisions, 1_000_000, 64));
        address = ClientAddress.of(InetAddress.getByName("10.1.2.3").getAddress());
        order = new TokenHash[decisions];
        for (int i = 0; i < decisions; i++) {
            MintedToken token = TokenFormat.mint(TokenKind.API_KEY, random);
            stored.put(token.hash(), credential(token, i));
            // Hashes are random, so the order of the array is as good as any.
            order[i] = token.hash();
            var _ = authority
                    .decide(token.hash())
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        }
    }

    @TearDown
    public void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Benchmark
    public @Nullable Decision find() {
        return authority.peek(next());
    }

    /// As a request does it: find, admit, and ask for the epoch that the commit is to compare.
    @Benchmark
    public long findAdmitAndStamp() {
        TokenHash hash = next();
        Decision decision = authority.peek(hash);
        Admission.check(decision, org, address);
        return authority.epochOf(hash, decision);
    }

    private TokenHash next() {
        at = at + 1 == order.length ? 0 : at + 1;
        return order[at];
    }

    private static Credential credential(MintedToken token, int number) {
        return WideKey.of(ORG, new UUID(1, number), token);
    }

    private final class Store implements CredentialStore {
        @Override
        public Future<@Nullable Found> find(TokenHash hash) {
            return Future.succeededFuture(new Found(List.of(stored.get(hash)), Standing.FULL, 1, 0));
        }

        @Override
        public Future<Changes> changedSince(UUID orgId, long sinceEpoch) {
            return Future.succeededFuture(new Changes(1, List.of(), List.of(), false));
        }
    }
}
