package com.fyvault.proofs.doors;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** One connection that is kept as long as the server keeps it: the matrix is too large for a new one a request. */
final class Wire implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 30_000;
    private static final long BUSY_NANOS = 20_000_000_000L;
    private static final long PAUSE_NANOS = 1_000_000;

    private final int port;
    private @Nullable Socket socket;
    private @Nullable InputStream in;

    /** What is sent. */
    record Ask(
            String method,
            String path,
            @Nullable String authorization,
            @Nullable String body) {}

    /** What comes back; header names in lower case. */
    record Reply(int status, Map<String, String> headers, String body) {
        /** The machine's word for the error; empty when there is none. */
        String code() {
            int at = body.indexOf("\"code\":\"");
            return at < 0 || status < 400 ? "" : body.substring(at + 8, body.indexOf('"', at + 8));
        }

        String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    Wire(int port) {
        this.port = port;
    }

    /** Does the work for every item, over so many connections at once. */
    static <T> void each(int port, int connections, List<T> items, BiConsumer<Wire, T> work) {
        AtomicInteger next = new AtomicInteger();
        List<Future<?>> running = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < connections; i++) {
                running.add(threads.submit(() -> {
                    try (Wire wire = new Wire(port)) {
                        for (int at = next.getAndIncrement(); at < items.size(); at = next.getAndIncrement()) {
                            work.accept(wire, items.get(at));
                        }
                    }
                }));
            }
        }
        for (Future<?> one : running) {
            try {
                var _ = one.get();
            } catch (ExecutionException failure) {
                throw new IllegalStateException(failure.getCause());
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(stop);
            }
        }
    }

    Reply ask(Ask ask) {
        try {
            boolean kept = socket != null;
            try {
                return exchange(ask);
            } catch (IOException gone) {
                if (!kept) {
                    throw gone;
                }
                // The server may have closed it between two requests.
                close();
                return exchange(ask);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(ask.method() + " " + ask.path(), failure);
        }
    }

    /** Asks again while the server has too much to do: that is no answer to who may. */
    Reply askUntilTaken(Ask ask) {
        Reply reply = ask(ask);
        long end = System.nanoTime() + BUSY_NANOS;
        while (reply.code().equals("OVERLOADED") && System.nanoTime() < end) {
            LockSupport.parkNanos(PAUSE_NANOS);
            reply = ask(ask);
        }
        return reply;
    }

    private Reply exchange(Ask ask) throws IOException {
        Socket out = connected();
        byte[] body = ask.body() == null ? new byte[0] : ask.body().getBytes(StandardCharsets.UTF_8);
        StringBuilder head = new StringBuilder(256)
                .append(ask.method())
                .append(' ')
                .append(ask.path())
                .append(" HTTP/1.1\r\nHost: vault\r\nContent-Type: application/json\r\nContent-Length: ")
                .append(body.length)
                .append("\r\n");
        if (ask.authorization() != null) {
            head.append("Authorization: ").append(ask.authorization()).append("\r\n");
        }
        byte[] start = head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
        byte[] all = new byte[start.length + body.length];
        System.arraycopy(start, 0, all, 0, start.length);
        System.arraycopy(body, 0, all, start.length, body.length);
        out.getOutputStream().write(all);
        Reply reply = read(ask.method().equals("HEAD"));
        // What has no length is a stream: its head is the answer here, and what follows belongs to no other request.
        boolean stream = reply.header("transfer-encoding").equalsIgnoreCase("chunked");
        if (stream || reply.header("connection").equalsIgnoreCase("close")) {
            close();
        }
        return reply;
    }

    private Reply read(boolean headOnly) throws IOException {
        String first = line();
        int status = Integer.parseInt(first.substring(9, 12));
        Map<String, String> headers = new TreeMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.merge(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip(),
                    (one, other) -> one + " | " + other);
        }
        int length = headOnly ? 0 : Integer.parseInt(headers.getOrDefault("content-length", "0"));
        byte[] body = in == null ? new byte[0] : in.readNBytes(length);
        return new Reply(status, headers, new String(body, StandardCharsets.UTF_8));
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(64);
        int next = in == null ? -1 : in.read();
        for (; next >= 0 && next != '\n'; next = in.read()) {
            if (next != '\r') {
                line.write(next);
            }
        }
        if (next < 0) {
            throw new IOException("closed");
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    private Socket connected() throws IOException {
        if (socket == null) {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(PATIENCE_MILLIS);
            in = new BufferedInputStream(socket.getInputStream(), 4_096);
        }
        return socket;
    }

    @Override
    public void close() {
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException alsoClosed) {
                throw new UncheckedIOException(alsoClosed);
            } finally {
                socket = null;
                in = null;
            }
        }
    }
}
