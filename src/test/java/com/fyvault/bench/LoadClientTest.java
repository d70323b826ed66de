package com.fyvault.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fyvault.bench.StallingServer.Act;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LoadClientTest {
    private static final Duration SHORT = Duration.ofMillis(200);

    @Test
    void closedLoopCountsWhatTheServerAnswered() throws Exception {
        try (StallingServer server = new StallingServer(Map.of());
                LoadClient client = connect(server, 4)) {
            LoadResult result = client.closed(SHORT);
            assertThat(result.errors()).isEmpty();
            assertThat(result.requests()).isPositive().isEqualTo(server.requests());
            assertThat(result.seconds()).isBetween(0.19, 2.0);
            assertThat(result.generatorMicros()).isPositive();
        }
    }

    @Test
    void sendsTheHeadersAsGiven() throws Exception {
        try (StallingServer server = new StallingServer(Map.of());
                LoadClient client = connect(server, 1)) {
            assertThat(client.open(100, Duration.ofMillis(50)).requests()).isEqualTo(5);
            assertThat(server.authorizations()).containsExactly("Bearer canary");
        }
    }

    /**
     * One connection at 1,000 a second; the 200th request stalls for 200 ms. The 200 requests due meanwhile wait 0 to
     * 200 ms: a fifth of all. A client that counts from the actual send would show one slow request in a thousand.
     */
    @Test
    void openLoopShowsAStallToEveryRequestThatWasDueInIt() throws Exception {
        try (StallingServer server = new StallingServer(Map.of(200, Act.STALL_200_MILLIS));
                LoadClient client = connect(server, 1)) {
            LoadResult result = client.open(1000, Duration.ofSeconds(1));
            assertThat(result.requests()).isEqualTo(1000);
            assertThat(result.errors()).isEmpty();
            assertThat(result.latency().p99()).isBetween(150.0, 600.0);
            assertThat(result.latency().p90()).isBetween(50.0, 600.0);
        }
    }

    @Test
    void openLoopKeepsItsRateWhileOneConnectionStalls() throws Exception {
        try (StallingServer server = new StallingServer(Map.of(50, Act.STALL_200_MILLIS));
                LoadClient client = connect(server, 8)) {
            LoadResult result = client.open(1000, Duration.ofMillis(500));
            assertThat(result.requests()).isEqualTo(500);
            assertThat(result.latency().p50()).isLessThan(100);
            assertThat(result.latency().max()).isGreaterThan(190);
        }
    }

    @Test
    void countsOtherStatusesApartFromAnswers() throws Exception {
        try (StallingServer server = new StallingServer(Map.of(3, Act.ANSWER_503, 7, Act.ANSWER_503));
                LoadClient client = connect(server, 2)) {
            LoadResult result = client.open(100, Duration.ofMillis(100));
            assertThat(result.errors()).isEqualTo(Map.of("503", 2L));
            assertThat(result.requests()).isEqualTo(8);
        }
    }

    @Test
    void countsALostConnectionAndComesBack() throws Exception {
        try (StallingServer server = new StallingServer(Map.of(5, Act.HANG_UP));
                LoadClient client = connect(server, 1)) {
            LoadResult result = client.open(100, SHORT);
            assertThat(result.errors()).isEqualTo(Map.of("closed", 1L));
            assertThat(result.requests()).isEqualTo(19);
        }
    }

    @Test
    void runsOneWindowAfterTheOther() throws Exception {
        try (StallingServer server = new StallingServer(Map.of());
                LoadClient client = connect(server, 3)) {
            long requests = client.closed(SHORT).requests()
                    + client.open(100, SHORT).requests()
                    + client.closed(SHORT).requests();
            assertThat(requests).isEqualTo(server.requests());
        }
    }

    @Test
    void refusesWhatIsOutOfBounds() throws Exception {
        try (StallingServer server = new StallingServer(Map.of());
                LoadClient client = connect(server, 1)) {
            assertThatThrownBy(() -> client.closed(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> client.closed(LoadClient.MAX_WINDOW.plusNanos(1)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> client.open(0, SHORT)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> client.open(LoadClient.MAX_RATE + 1, SHORT))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> connect(server, 0)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> connect(server, LoadClient.MAX_CONNECTIONS + 1))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void sendsNothingOffThisMachine() {
        assertThatThrownBy(() -> LoadTarget.get(URI.create("http://192.0.2.1:80/"), List.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> LoadTarget.get(URI.create("http://127.0.0.1:80/"), List.of("a: b\r\nc: d")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static LoadClient connect(StallingServer server, int connections) throws InterruptedException {
        return LoadClient.connect(LoadTarget.get(server.url(), List.of("Authorization: Bearer canary")), connections);
    }
}
