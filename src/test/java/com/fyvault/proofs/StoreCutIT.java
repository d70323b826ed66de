package com.fyvault.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.FaultProxy;
import com.fyvault.support.FaultProxy.Fault;
import com.fyvault.support.FaultProxy.Where;
import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import com.fyvault.support.Load;
import com.fyvault.support.Starvation;
import com.fyvault.support.TestDatabase;
import com.fyvault.support.TestPostgres;
import com.fyvault.support.TestServer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * T13: the way to PostgreSQL is cut while connections are made and used, so that nothing ever comes back on
 * them and no one closes them. When it is mended, the node serves again by itself.
 */
class StoreCutIT {
    /** For an answer while it is cut, and for serving again when it is mended. */
    private static final Duration MOST = Duration.ofSeconds(2);

    private static final int CLIENTS = 50;
    private static final int IN_A_ROW = 16;

    private FaultProxy proxy;
    private TestServer server;
    private String id;

    @BeforeEach
    void start() {
        TestDatabase database = TestPostgres.shared().create();
        proxy = new FaultProxy(database.server().port(), 1);
        server = TestServer.start(database, Map.of("postgres.port", Integer.toString(proxy.port())));
        id = server.createSecret("CUT", "value");
    }

    @AfterEach
    void stop() {
        server.close();
        proxy.close();
    }

    @Test
    void allIsAnsweredInTimeWhileItIsCutAndServedAgainWhenItIsMended() {
        long start = System.nanoTime();
        List<Load.Sample> asked;
        proxy.set(Fault.HALF_OPEN, Where.EVERYWHERE);
        try (Load load = Load.start(CLIENTS, Lane.count(5_000, 250), this::mixed)) {
            asked = load.finish();
        }
        proxy.heal();
        long mended = System.nanoTime();
        until(this::serves, Duration.ofSeconds(90));
        Duration back = Duration.ofNanos(System.nanoTime() - mended);
        long slowest = asked.stream().mapToLong(Load.Sample::nanos).max().orElseThrow();
        long unanswered = asked.stream().filter(sample -> sample.status() == 0).count();
        Figures.print(new Figures.Line(
                "T13",
                "way to PostgreSQL cut and mended",
                1,
                asked.size(),
                unanswered,
                "slowest answer " + slowest / 1_000_000 + "ms, serves again after " + back.toMillis() + "ms"));
        long starved = Starvation.worstSince(start);
        assertThat(unanswered).isZero();
        assertThat(slowest).isLessThan(MOST.toNanos() + starved);
        assertThat(back).isLessThan(MOST.plusNanos(starved));
    }

    private Api.Answer mixed(int n) {
        return switch (n % 3) {
            case 0 -> server.api().get("/secrets");
            case 1 -> server.api().patch("/secrets/" + id, new JsonObject().put("value", "v" + n));
            default -> server.api().get("/secrets/by-name/CUT/value");
        };
    }

    private boolean serves() {
        for (int i = 0; i < IN_A_ROW; i++) {
            if (mixed(i).status() != 200) {
                return false;
            }
        }
        return true;
    }

    private interface Condition {
        boolean holds();
    }

    private static void until(Condition condition, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("waited " + limit).isLessThan(end);
            LockSupport.parkNanos(20_000_000);
        }
    }
}
