package com.fyvault.platform.redis;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.Figures;
import com.fyvault.support.Load;
import com.fyvault.support.RedisGroup;
import com.fyvault.support.TwoNodes;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Redis that three Sentinels watch: nodes follow them to the replica when the primary dies. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RedisSentinelIT {
    private static final int CLIENTS = 4;
    private static final long MOST_NANOS = 15_000_000_000L;

    private RedisGroup redis;
    private TwoNodes nodes;

    @BeforeAll
    void start() {
        redis = RedisGroup.sentinel();
        nodes = new TwoNodes(
                redis.settings(), Map.of("redis.mode", "sentinel", "redis.master.name", RedisGroup.MASTER));
    }

    @AfterAll
    void stop() {
        nodes.close();
        redis.close();
    }

    @Test
    void readsGoOnThroughAFailoverAndLimitsAreExactAgain() {
        int primary = redis.ports().get(0);
        int replica = redis.ports().get(1);
        redis.await(nodes::areUp);
        assertThat(nodes.countExactly()).isTrue();
        redis.await(nodes::shareDecisions);
        assertThat(redis.keys(primary, "group:")).isPositive();

        Api reader = nodes.reader(1_000_000);
        List<Load.Sample> samples;
        long exact;
        try (Load load = Load.start(CLIENTS, Integer.MAX_VALUE, n -> nodes.read(n % 2 == 0 ? reader : there(reader)))) {
            long killed = System.nanoTime();
            redis.stop(primary);
            redis.await(() -> !nodes.areUp());
            redis.await(() -> nodes.areUp() && nodes.countExactly());
            exact = System.nanoTime() - killed;
            samples = load.stop();
        }
        long errors = samples.stream().filter(sample -> sample.status() != 200).count();
        Figures.print(new Figures.Line(
                "Sentinel",
                "the primary dies",
                1,
                samples.size(),
                errors,
                "limits exact again after " + exact / 1_000_000 + "ms "
                        + Figures.spread(
                                samples.stream().mapToLong(Load.Sample::nanos).toArray())));
        assertThat(errors).isZero();
        assertThat(exact).isLessThan(MOST_NANOS);
        redis.await(nodes::shareDecisions);
        assertThat(redis.keys(replica, "group:")).isPositive();
    }

    private Api there(Api reader) {
        return reader.at(nodes.second.url());
    }
}
