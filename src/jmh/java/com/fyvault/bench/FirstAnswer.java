package com.fyvault.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** A client that stands at the door: it asks again and again until a server is there and answers with 200. */
final class FirstAnswer {
    private static final long PAUSE_NANOS = 2_000_000;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private FirstAnswer() {}

    /** Returns when the first 200 came, as {@link System#nanoTime}. */
    static long await(URI uri, String apiKey, ChildProcess server) throws IOException {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (System.nanoTime() - end < 0) {
            if (!server.isAlive()) {
                throw new IllegalStateException("the server ended early:\n" + server.lastWords());
            }
            if (asksWith200(uri, apiKey)) {
                return System.nanoTime();
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        throw new IllegalStateException("no 200 within " + LIMIT + ":\n" + server.lastWords());
    }

    private static boolean asksWith200(URI uri, String apiKey) throws IOException {
        try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
            String request = "GET " + uri.getPath() + " HTTP/1.1\r\nHost: " + uri.getAuthority()
                    + "\r\nAuthorization: Bearer " + apiKey + "\r\nConnection: close\r\n\r\n";
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.US_ASCII));
            out.flush();
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            return String.valueOf(in.readLine()).startsWith("HTTP/1.1 200 ");
        } catch (ConnectException notYet) {
            return false;
        }
    }
}
