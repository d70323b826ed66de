package com.fyvault.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import com.fyvault.support.Load;
import com.fyvault.support.RawHttp;
import com.fyvault.support.ServerTest;
import com.fyvault.support.Starvation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** T45: slow senders and oversized requests cost the others nothing. */
class SlowAndBigIT extends ServerTest {
    private static final long DRIBBLE_NANOS = 1_000_000_000;
    private static final long CLOSED_WITHIN_SECONDS = 15;
    private static final long HEALTHY_NANOS = 100_000_000;

    @BeforeAll
    void prepare() {
        server.createSecret("HEALTHY", "value");
        // Compiled before it is measured.
        try (Load warm = Load.start(4, 500, n -> server.api().get("/secrets/by-name/HEALTHY/value"))) {
            assertThat(warm.finish()).allMatch(sample -> sample.status() == 200);
        }
    }

    @Test
    void slowAndBigRequestsAreEndedAndHealthyOnesAreNot() {
        String bomb = bomb();
        int slow = Lane.count(2_000, 200);
        AtomicInteger open = new AtomicInteger();
        List<Thread> dribblers = new ArrayList<>();
        long start = System.nanoTime();
        for (int i = 0; i < slow; i++) {
            boolean body = i % 2 == 0;
            open.incrementAndGet();
            dribblers.add(Thread.ofVirtual().start(() -> dribble(body, open)));
        }
        List<String> wrong = new ArrayList<>();
        List<Load.Sample> healthy;
        try (Load load = Load.start(1, Integer.MAX_VALUE, n -> paced())) {
            int big = 0;
            do {
                bigOnes(wrong);
                encodedOnes(wrong, bomb);
                big++;
            } while (big < Lane.count(20, 2));
            while (open.get() > 0 && System.nanoTime() - start < CLOSED_WITHIN_SECONDS * 1_000_000_000L) {
                LockSupport.parkNanos(10_000_000);
            }
            healthy = load.stop();
        }
        long seconds = (System.nanoTime() - start) / 1_000_000_000L;
        int left = open.get();
        long[] nanos = healthy.stream().mapToLong(Load.Sample::nanos).toArray();
        long failed = healthy.stream().filter(sample -> sample.status() != 200).count();
        dribblers.forEach(Thread::interrupt);
        Figures.print(new Figures.Line(
                "T45",
                "slow and big requests",
                slow,
                healthy.size(),
                left + failed + wrong.size(),
                "healthy " + Figures.spread(nanos) + ", all slow ones closed within " + seconds + "s: " + (left == 0)));
        assertThat(wrong).isEmpty();
        assertThat(failed).isZero();
        assertThat(left).as("still open after " + seconds + " s").isZero();
        assertThat(Figures.percentile(nanos, 0.99)).isLessThan(HEALTHY_NANOS + 2 * Starvation.worstSince(start));
    }

    private Api.Answer paced() {
        LockSupport.parkNanos(5_000_000);
        return server.api().get("/secrets/by-name/HEALTHY/value");
    }

    /** Sends a request a byte a second, until the server has had enough. */
    private void dribble(boolean body, AtomicInteger open) {
        String head = "POST /api/v1/orgs/" + server.orgId() + "/secrets HTTP/1.1\r\nHost: vault\r\n"
                + "Authorization: Bearer " + server.ownerKey() + "\r\n";
        try (Socket socket = RawHttp.open(server.port())) {
            socket.setSoTimeout(1);
            socket.getOutputStream()
                    .write((body ? head + "Content-Length: 1000\r\n\r\n" : head).getBytes(StandardCharsets.US_ASCII));
            while (!Thread.interrupted() && !closed(socket)) {
                socket.getOutputStream().write(body ? ' ' : 'x');
                LockSupport.parkNanos(DRIBBLE_NANOS);
            }
        } catch (IOException closed) {
            // Which is what is waited for.
        } finally {
            open.decrementAndGet();
        }
    }

    private static boolean closed(Socket socket) throws IOException {
        try {
            int read = 0;
            while (read >= 0) {
                read = socket.getInputStream().read();
            }
            return true;
        } catch (java.net.SocketTimeoutException stillOpen) {
            return false;
        }
    }

    private void bigOnes(List<String> wrong) {
        expect(wrong, 431, head("GET", "/secrets") + "X-Big: " + "x".repeat(40_000) + "\r\n\r\n");
        // Cut off while it is still sending, a client may not come to see the answer.
        String head = head("GET", "/secrets") + "X-Big: " + "x".repeat(1_000_000) + "\r\n\r\n";
        RawHttp.Answer cut = RawHttp.exchange(server.port(), head);
        if (cut.status() != 431 && cut.status() != 0) {
            wrong.add("1 MB of head: " + cut);
        }
        expect(wrong, 431, head("GET", "/secrets") + "X-Many: y\r\n".repeat(3_000) + "\r\n");
        expect(wrong, 414, head("GET", "/secrets?search=" + "x".repeat(20_000)) + "\r\n");
        expect(wrong, 413, head("POST", "/secrets") + "Content-Length: 100000000\r\n\r\n" + "x".repeat(20_000_000));
        expect(wrong, 400, head("POST", "/secrets") + "Content-Length: 99999999999999999999\r\n\r\n");
        expect(
                wrong,
                400,
                body("{\"name\":\"N\",\"value\":\"v\",\"injectionConfig\":" + "{\"a\":".repeat(10_000) + "1"
                        + "}".repeat(10_000) + "}"));
        expect(wrong, 400, body("[".repeat(1_000_000)));
        StringBuilder keys = new StringBuilder("{");
        for (int i = 0; i < 300_000; i++) {
            keys.append("\"k").append(i).append("\":1,");
        }
        expect(wrong, 400, body(keys.append("\"name\":\"N\"}").toString()));
        expect(wrong, 400, body("{\"name\":\"N\",\"value\":\"v\",\"version\":" + "9".repeat(100_000) + "}"));
        expect(wrong, 400, body("{\"name\":\"N\",\"ttlSeconds\":1e" + "9".repeat(1_000) + "}"));
        expect(wrong, 400, head("POST", "/secrets") + "Content-Length: -1\r\n\r\n");
    }

    /** What grows when it is unpacked is refused as it came; a body that only says it is plain is read. */
    private void encodedOnes(List<String> wrong, String bomb) {
        for (String encoding :
                List.of("gzip", "X-GZIP", "deflate", "br", "identity, gzip", "identity\r\nContent-Encoding: gzip")) {
            String head = head("POST", "/secrets") + "Content-Encoding: " + encoding + "\r\n";
            expect(wrong, 415, head + "Content-Length: " + bomb.length() + "\r\n\r\n" + bomb);
            String chunk = Integer.toHexString(bomb.length()) + "\r\n" + bomb + "\r\n0\r\n\r\n";
            expect(wrong, 415, head + "Transfer-Encoding: chunked\r\n\r\n" + chunk);
        }
        expect(wrong, 400, head("POST", "/secrets") + "Content-Encoding: identity\r\nContent-Length: 2\r\n\r\n{}");
    }

    /** 256 MiB of valid JSON in 256 KiB of gzip. */
    private static String bomb() {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write("{\"name\":\"BOMB\",\"value\":\"v\"".getBytes(StandardCharsets.US_ASCII));
            byte[] blank = " ".repeat(1024 * 1024).getBytes(StandardCharsets.US_ASCII);
            for (int i = 0; i < 256; i++) {
                out.write(blank);
            }
            out.write('}');
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return packed.toString(StandardCharsets.ISO_8859_1);
    }

    private String head(String method, String path) {
        return method + " /api/v1/orgs/" + server.orgId() + path + " HTTP/1.1\r\nHost: vault\r\nAuthorization: Bearer "
                + server.ownerKey() + "\r\nContent-Type: application/json\r\n";
    }

    private String body(String json) {
        return head("POST", "/secrets") + "Content-Length: " + json.length() + "\r\n\r\n" + json;
    }

    private void expect(List<String> wrong, int status, String request) {
        RawHttp.Answer answer = RawHttp.exchange(server.port(), request);
        if (answer.status() != status || !answer.isJson()) {
            wrong.add("expected " + status + ", got " + answer + " for " + request.substring(0, 60) + ".."
                    + request.substring(request.length() - 30));
        }
    }
}
