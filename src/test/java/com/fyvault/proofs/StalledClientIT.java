package com.fyvault.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Figures;
import com.fyvault.support.ServerTest;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** A client asks for a value again and again and reads nothing: no answer is kept for it to read when it likes. */
class StalledClientIT extends ServerTest {
    private static final int ASKED = 40;
    private static final int VALUE = 300_000;

    @Test
    void whatWouldWaitInMemoryIsNotReleased() throws IOException {
        JsonObject big = new JsonObject().put("name", "BIG").put("value", "x".repeat(VALUE));
        assertThat(owner.post("/secrets", big).status()).isEqualTo(201);
        assertThat(owner.value("BIG")).hasSize(VALUE);
        URI url = URI.create(server.url());
        String path = "/api/v1/orgs/" + server.orgId() + "/secrets/by-name/BIG/value";
        String request =
                "GET " + path + " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + server.ownerKey() + "\r\n\r\n";
        byte[] answers;
        try (Socket client = new Socket()) {
            client.setReceiveBufferSize(4_096);
            client.setSoTimeout((int) TimeUnit.SECONDS.toMillis(20));
            client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), url.getPort()));
            client.getOutputStream().write(request.repeat(ASKED).getBytes(StandardCharsets.US_ASCII));
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(2));
            // Ends by itself: the server has closed the connection.
            answers = client.getInputStream().readAllBytes();
        }
        int begun = new String(answers, StandardCharsets.US_ASCII).split("HTTP/1.1 200", -1).length - 1;
        Figures.print(new Figures.Line("T10", "client that does not read", 1, ASKED, 0, "answers begun=" + begun));
        assertThat(begun).isBetween(1, ASKED - 1);
    }
}
