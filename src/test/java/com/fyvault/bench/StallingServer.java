package com.fyvault.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A hand-made HTTP server that does to chosen requests what a bad server does: stalls, errors, hangs up. */
final class StallingServer implements AutoCloseable {
    enum Act {
        STALL_200_MILLIS,
        ANSWER_503,
        HANG_UP
    }

    private static final byte[] OK = head("200 OK");
    private static final byte[] UNAVAILABLE = head("503 Service Unavailable");

    private final ServerSocket listening;
    private final Map<Integer, Act> acts;
    private final AtomicInteger requests = new AtomicInteger();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Set<String> authorizations = ConcurrentHashMap.newKeySet();

    /** Acts by the number of the request, the first being 1. */
    StallingServer(Map<Integer, Act> acts) throws IOException {
        this.acts = acts;
        listening = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + listening.getLocalPort() + "/value?x=1");
    }

    int requests() {
        return requests.get();
    }

    Set<String> authorizations() {
        return authorizations;
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listening.accept();
                open.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException e) {
            // closed: the test is over
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            OutputStream out = socket.getOutputStream();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("Authorization: ")) {
                    authorizations.add(line.substring("Authorization: ".length()));
                }
                if (line.isEmpty() && !answer(out)) {
                    return;
                }
            }
        } catch (IOException e) {
            // the client went away
        }
    }

    private boolean answer(OutputStream out) throws IOException {
        Act act = acts.get(requests.incrementAndGet());
        if (act == Act.HANG_UP) {
            return false;
        }
        if (act == Act.STALL_200_MILLIS) {
            LockSupport.parkNanos(200_000_000);
        }
        out.write(act == Act.ANSWER_503 ? UNAVAILABLE : OK);
        return true;
    }

    private static byte[] head(String status) {
        return ("HTTP/1.1 " + status + "\r\ncontent-length: 2\r\n\r\nok").getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
