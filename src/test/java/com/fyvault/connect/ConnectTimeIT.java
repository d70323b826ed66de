package com.fyvault.connect;

import static com.fyvault.support.Answers.isRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.DatabaseClock;
import com.fyvault.support.TestDatabase;
import com.fyvault.support.TestPostgres;
import com.fyvault.support.TestServer;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How long a code is good, by the database's clock, and how long it is kept. */
class ConnectTimeIT {
    @Test
    void aCodeIsGoodForFiveMinutesAndGoneAfterADay() throws InterruptedException {
        TestDatabase database = TestPostgres.shared().create();
        DatabaseClock clock = new DatabaseClock(database);
        try (TestServer server = TestServer.start(database, Map.of("purge.interval.seconds", "1"))) {
            Connecting asking = Connecting.of("Late");
            String late = asking.approved(server, server.person());
            String used = asking.approved(server, server.person());
            String intime = asking.approved(server, server.person());
            assertThat(asking.exchange(server, used).status()).isEqualTo(201);
            clock.moveTo("4 minutes 50 seconds");
            assertThat(asking.exchange(server, intime).status()).isEqualTo(201);
            clock.moveTo("5 minutes 1 second");
            isRefused(asking.exchange(server, late), 400, "CONNECT_CODE_REFUSED");
            assertThat(database.count("select count(*) from credential where label = 'Late' and revoked_at is null"))
                    .isEqualTo(2);
            isRefused(asking.exchange(server, used), 400, "CONNECT_CODE_REFUSED");
            assertThat(database.count("select count(*) from credential where label = 'Late' and revoked_at is null"))
                    .as("a second use counts after its time as well")
                    .isEqualTo(1);
            assertThat(database.count("select count(*) from connect_code")).isEqualTo(3);
            clock.moveTo("24 hours 6 minutes");
            long end = System.nanoTime() + 20_000_000_000L;
            while (database.count("select count(*) from connect_code") > 0) {
                assertThat(System.nanoTime()).isLessThan(end);
            }
        }
    }
}
