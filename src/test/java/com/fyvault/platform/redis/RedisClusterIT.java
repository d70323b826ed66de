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

/** A Cluster of three: each script's keys lie in one slot, and what is shared lies on all of them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RedisClusterIT {
    private static final int CLIENTS = 4;
    private static final int TOKENS = 30;
    private static final long MOST_NANOS = 15_000_000_000L;

    private RedisGroup redis;
    private TwoNodes nodes;

    @BeforeAll
    void start() {
        redis = RedisGroup.cluster();
        // Several rules a request, of which all must be in the slot of the organization.
        nodes = new TwoNodes(
                redis.settings(),
                Map.of("redis.mode", "cluster", "limits.org.minute", "1000000", "limits.owner.day", "1000000"));
    }

    @AfterAll
    void stop() {
        nodes.close();
        redis.close();
    }

    @Test
    void limitsAreExactAndDecisionsLieOnEveryServerAndOneServerMayDie() {
        redis.await(nodes::areUp);
        assertThat(nodes.countExactly()).isTrue();
        for (int i = 0; i < TOKENS; i++) {
            redis.await(nodes::shareDecisions); // What a node writes there is written some time later.
        }
        assertThat(redis.ports()).allMatch(port -> redis.keys(port, "group:d:") > 0);

        Api reader = nodes.reader(1_000_000);
        Api there = reader.at(nodes.second.url());
        int victim = redis.ports().get(1);
        List<Load.Sample> samples;
        long exact;
        try (Load load = Load.start(CLIENTS, Integer.MAX_VALUE, n -> nodes.read(n % 2 == 0 ? reader : there))) {
            redis.stop(victim);
            for (int i = 0; i < TOKENS; i++) {
                assertThat(nodes.read(nodes.reader(1_000)).status()).isEqualTo(200);
            }
            long started = System.nanoTime();
            redis.startAgain(victim);
            redis.await(() -> nodes.areUp() && nodes.countExactly() && nodes.shareDecisions());
            exact = System.nanoTime() - started;
            samples = load.stop();
        }
        long errors = samples.stream().filter(sample -> sample.status() != 200).count();
        Figures.print(new Figures.Line(
                "Cluster",
                "one of three dies and comes back",
                1,
                samples.size(),
                errors,
                "limits exact again after " + exact / 1_000_000 + "ms "
                        + Figures.spread(
                                samples.stream().mapToLong(Load.Sample::nanos).toArray())));
        assertThat(errors).isZero();
        assertThat(exact).isLessThan(MOST_NANOS);
    }
}
