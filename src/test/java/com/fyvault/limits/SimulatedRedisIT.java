package com.fyvault.limits;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.platform.redis.RedisLink;
import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import com.fyvault.support.TestRedis;
import com.fyvault.support.TestServer;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The simulation's Redis answers as the scripts do, call for call, over random calls and many windows. */
class SimulatedRedisIT {
    private static final List<String> KEYS = List.of("{t}:a", "{t}:b", "{t}:c");
    private static final long[] CAPACITIES = {7, 40, 1_000};
    private static final long[] LENGTHS = {20, 90, 60_000};

    private final SplittableRandom random = new SplittableRandom(48);
    private final SimulatedRedis simulated = new SimulatedRedis(EnumSet.allOf(LimiterSafeguard.class));

    @Test
    void answersAsTheScriptsDo() {
        Vertx vertx = Vertx.vertx();
        try (TestRedis redis = TestRedis.own()) {
            Map<String, String> settings = new HashMap<>(redis.settings());
            var _ = settings.put("redis.call.timeout.millis", "1000");
            RedisLink link = new RedisLink(vertx, TestRedis.parsed(settings, redis.port()));
            TestServer.await(link.start());
            RedisCounters real = new RedisCounters(link);
            int calls = Lane.count(20_000, 2_000);
            int wrong = 0;
            long[] windows = new long[KEYS.size()];
            for (int i = 0; i < calls; i++) {
                int rules = 1 + random.nextInt(KEYS.size());
                List<String> keys = KEYS.subList(0, rules);
                if (random.nextInt(4) == 0) {
                    List<String> arguments = giveBack(rules, windows);
                    var _ = TestServer.await(real.giveBack(keys, arguments));
                    var _ = simulated.giveBack(keys, arguments);
                } else {
                    List<String> arguments = lease(rules, windows);
                    long[] answer = TestServer.await(real.lease(keys, arguments));
                    wrong += Arrays.equals(answer, simulated.lease(answer[1], keys, arguments)) ? 0 : 1;
                    System.arraycopy(answer, 6, windows, 0, rules);
                }
            }
            Figures.print(new Figures.Line("T48", "scripts and their model", 0, calls, wrong, ""));
            assertThat(wrong).isZero();
            assertThat(simulated.used(KEYS.getLast(), windows[2])).isPositive();
            TestServer.await(link.close());
        } finally {
            TestServer.await(vertx.close());
        }
    }

    private List<String> giveBack(int rules, long[] windows) {
        List<String> arguments = new ArrayList<>(List.of(Integer.toString(random.nextInt(4))));
        for (int i = 0; i < rules; i++) {
            arguments.add(Long.toString(windows[i] - random.nextInt(2)));
        }
        return arguments;
    }

    private List<String> lease(int rules, long[] windows) {
        int waiting = random.nextInt(4);
        List<String> arguments =
                new ArrayList<>(List.of(Integer.toString(waiting), Integer.toString(waiting + random.nextInt(20))));
        for (int i = 0; i < rules; i++) {
            arguments.add(Long.toString(CAPACITIES[i]));
            arguments.add(Long.toString(LENGTHS[i]));
            arguments.add(Long.toString(windows[i] + random.nextInt(2)));
            arguments.add(Integer.toString(random.nextInt(3)));
        }
        return arguments;
    }
}
