package com.fyvault.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import com.fyvault.support.Load;
import com.fyvault.support.StallProxy;
import com.fyvault.support.Starvation;
import com.fyvault.support.TestRedis;
import com.fyvault.support.TestServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** T16: a Redis that swallows, delays or trickles costs reads next to nothing, and none of them fails. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RedisBlackHoleIT {
    private static final int CLIENTS = 8;
    private static final long LOOK_NANOS = 2_000_000;
    private static final String VALUE = "/secrets/by-name/HOT/value";

    private StallProxy proxy;
    private TestServer server;
    private Api limited;

    @BeforeAll
    void start() {
        TestRedis redis = TestRedis.shared();
        proxy = new StallProxy(redis.port());
        Map<String, String> settings = new HashMap<>(redis.settings());
        settings.put("redis.url", "redis://127.0.0.1:" + proxy.port());
        server = TestServer.start(settings);
        server.createSecret("HOT", "value");
        JsonObject body = new JsonObject()
                .put("label", "hot")
                .put("scopes", new JsonArray().add("SECRETS_READ"))
                .put("limits", new JsonObject().put("perSecond", 1_000_000).put("perDay", 900_000_000));
        limited = server.api(server.key(body).getString("token"));
    }

    @AfterAll
    void stop() {
        server.close();
        proxy.close();
    }

    @Test
    void readsGoOnWithRedisInABlackHole() {
        long[] healthy = read(Lane.count(20_000, 1_000), "no fault");
        for (StallProxy.Fault fault :
                List.of(StallProxy.Fault.SWALLOW, StallProxy.Fault.DELAY, StallProxy.Fault.TRICKLE)) {
            round(fault, Figures.percentile(healthy, 0.99));
        }
    }

    private void round(StallProxy.Fault fault, long healthy) {
        int reads = Lane.count(20_000, 1_500);
        // On a machine that is starved of time the link may be down for a moment on its own.
        long _ = waitFor(true);
        long begun = System.nanoTime();
        long harmed = proxy.harmed();
        Load load = Load.start(CLIENTS, reads, n -> limited.get(VALUE));
        long broken = System.nanoTime();
        proxy.set(fault);
        long opened = waitFor(false) - broken;
        List<Load.Sample> samples = load.finish();
        assertThat(up()).isFalse();
        long repaired = System.nanoTime();
        proxy.set(StallProxy.Fault.NONE);
        long closed = waitFor(true) - repaired;
        long noise = Starvation.worstSince(begun);
        long[] nanos = samples.stream().mapToLong(Load.Sample::nanos).toArray();
        long errors = samples.stream().filter(sample -> sample.status() != 200).count();
        Figures.print(new Figures.Line(
                "T16",
                "Redis " + fault,
                proxy.harmed() - harmed,
                reads,
                errors,
                Figures.spread(nanos) + " healthy p99=" + healthy / 1_000_000 + "ms opens " + opened / 1_000_000
                        + "ms closes " + closed / 1_000_000 + "ms noise " + noise / 1_000_000 + "ms"));
        assertThat(errors).isZero();
        assertThat(proxy.harmed()).isGreaterThan(harmed);
        assertThat(opened).isLessThan(1_000_000_000L + noise);
        assertThat(closed).isLessThan(2_000_000_000L + noise);
        // A shared machine has its own noise on top.
        assertThat(Figures.percentile(nanos, 0.99)).isLessThan(healthy + 50_000_000L + noise);
    }

    private long[] read(int reads, String name) {
        List<Load.Sample> samples =
                Load.start(CLIENTS, reads, n -> limited.get(VALUE)).finish();
        long[] nanos = samples.stream().mapToLong(Load.Sample::nanos).toArray();
        long errors = samples.stream().filter(sample -> sample.status() != 200).count();
        Figures.print(new Figures.Line("T16", "Redis, " + name, 0, reads, errors, Figures.spread(nanos)));
        assertThat(errors).isZero();
        return nanos;
    }

    /** When the server says so; fails after a while. */
    private long waitFor(boolean wanted) {
        for (int i = 0; i < 5_000; i++) {
            if (up() == wanted) {
                return System.nanoTime();
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        throw new AssertionError("redis is not " + (wanted ? "up" : "down"));
    }

    private boolean up() {
        return server.management("/metrics").text().contains("\nfyvault_redis_up 1.0");
    }
}
