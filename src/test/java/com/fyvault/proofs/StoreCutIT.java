package com.fyvault.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.FaultProxy;
import com.fyvault.support.FaultProxy.Fault;
import com.fyvault.support.FaultProxy.Where;
import com.fyvault.support.Figures;
import com.fyvault.support.Load;
import com.fyvault.support.Starvation;
import com.fyvault.support.TestDatabase;
import com.fyvault.support.TestPostgres;
import com.fyvault.support.TestServer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
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
    private static final Duration CUT = Duration.ofSeconds(4);
    private static final Duration BACK = Duration.ofSeconds(15);
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
    void whatHungOnACutWayIsGivenUp() {
        long start = System.nanoTime();
        int asked;
        proxy.set(Fault.HALF_OPEN, Where.EVERYWHERE);
        try (Load load = Load.start(16, Integer.MAX_VALUE, this::mixed)) {
            until(() -> System.nanoTime() - start > CUT.toNanos(), CUT.multipliedBy(2));
            asked = load.stop().size();
        }
        proxy.heal();
        long mended = System.nanoTime();
        until(this::serves, Duration.ofSeconds(90));
        Duration back = Duration.ofNanos(System.nanoTime() - mended);
        Figures.print(new Figures.Line(
                "T13",
                "way to PostgreSQL cut and mended",
                1,
                asked,
                0,
                "serves again after " + back.toMillis() + "ms"));
        assertThat(back).isLessThan(BACK.plusNanos(Starvation.worstSince(start)));
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
