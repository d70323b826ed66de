package com.fyvault.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.providers.TestProvider;
import com.fyvault.support.Api;
import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import com.fyvault.support.ServerTest;
import com.fyvault.support.TestServer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Issue 5: the first read that starts after a push was answered returns the new value, on every other node. */
class PushedOnNodesIT extends ServerTest {
    private static final int PUSHES = 10_000;
    private static final int FEW = 300;
    private static final int SECRETS = 7;

    @Test
    void theFirstReadAfterAPushIsOfTheNewValue() {
        TestProvider provider = TestProvider.register(owner, "pushing");
        try (TestServer second = server.secondNode();
                TestServer third = server.secondNode()) {
            List<TestServer> nodes = List.of(server, second, third);
            int pushes = Lane.count(PUSHES, FEW);
            int stale = 0;
            int reads = 0;
            long[] nanos = new long[pushes];
            for (int i = 0; i < pushes; i++) {
                String name = "PUSHED_" + i % SECRETS;
                String value = "value " + i;
                long start = System.nanoTime();
                var _ = new TestProvider(provider.api().at(nodes.get(i % 3).url()), provider.id()).push(name, value);
                for (int other = 1; other < 3; other++) {
                    Api reader = nodes.get((i + other) % 3).api();
                    stale += reader.value(name).equals(value) ? 0 : 1;
                    reads++;
                }
                nanos[i] = System.nanoTime() - start;
            }
            Figures.print(new Figures.Line(
                    "ISSUE-5",
                    "push to read on another node",
                    0,
                    reads,
                    stale,
                    "pushes=" + pushes + " nodes=3 push and two reads " + Figures.spread(nanos)));
            assertThat(stale).isZero();
        }
    }
}
