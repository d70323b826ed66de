package com.fyvault.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.RawHttp;
import com.fyvault.support.TestServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** All request bodies of a node share a budget of memory, and get it back whatever becomes of their requests. */
class BodyBudgetIT {
    private static final int BUDGET = 65_536;
    private static final int HALF = 40_000;
    private static final long WAIT_NANOS = 10_000_000_000L;

    private TestServer server;

    @BeforeEach
    void start() {
        server = TestServer.start(Map.of("http.body.memory.bytes", Integer.toString(BUDGET)));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aBodyThatDoesNotFitIsRefusedBeforeItIsSent() {
        RawHttp.Answer answer = RawHttp.exchange(server.port(), head(BUDGET + 1));
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.toString()).contains("OVERLOADED");
    }

    @Test
    void whileOneBodyIsComingAnotherIsRefusedAndSmallRequestsPass() throws IOException {
        long end = System.nanoTime() + WAIT_NANOS;
        Api.Answer refused;
        do {
            assertThat(System.nanoTime()).as("never refused").isLessThan(end);
            // Whichever of the two comes first has the room, and it is not always the one that was sent first.
            refused = besideASlowOne();
        } while (refused.status() != 503);
        assertThat(refused.code()).isEqualTo("OVERLOADED");
        assertThat(refused.header("retry-after")).isNotEmpty();
        // The client has gone: what it had taken is there again.
        Api.Answer after = half();
        while (after.status() == 503) {
            assertThat(System.nanoTime()).as("never given back").isLessThan(end);
            LockSupport.parkNanos(20_000_000);
            after = half();
        }
        assertThat(after.code()).isEqualTo("INVALID_NAME");
    }

    @Test
    void whatIsAnsweredOrRefusedGivesItsRoomBack() {
        for (int i = 0; i < 10; i++) {
            JsonObject secret = new JsonObject().put("name", "S" + i).put("value", "x".repeat(HALF));
            assertThat(server.api().post("/secrets", secret).status()).isEqualTo(201);
            assertThat(server.api().post("/secrets", secret).status()).isEqualTo(409);
            assertThat(server.api().as("junk").post("/secrets", secret).status())
                    .isEqualTo(401);
        }
    }

    /** The answer to half of the budget while more than half of it is taken by a body that does not end. */
    private Api.Answer besideASlowOne() throws IOException {
        try (Socket slow = RawHttp.open(server.port())) {
            OutputStream out = slow.getOutputStream();
            out.write((head(HALF + 1) + "x".repeat(HALF)).getBytes(StandardCharsets.US_ASCII));
            out.flush();
            LockSupport.parkNanos(100_000_000);
            Api.Answer answer = half();
            assertThat(server.api().get("/secrets").status()).isEqualTo(200);
            return answer;
        }
    }

    /** A body of more than half of the budget, which is good for nothing. */
    private Api.Answer half() {
        return server.api().post("/secrets", new JsonObject().put("name", "a b").put("value", "x".repeat(HALF)));
    }

    private String head(int length) {
        return "POST /api/v1/orgs/" + server.orgId() + "/secrets HTTP/1.1\r\nHost: vault\r\nAuthorization: Bearer "
                + server.ownerKey() + "\r\nContent-Length: " + length + "\r\n\r\n";
    }
}
