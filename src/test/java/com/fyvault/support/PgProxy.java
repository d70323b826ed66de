package com.fyvault.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Stands between the server and PostgreSQL and, armed, cuts the next connection that commits: either
 * after PostgreSQL has carried COMMIT out and answered (the answer is lost), or before COMMIT
 * reaches it.
 */
public final class PgProxy implements AutoCloseable {
    /** What to do to the next COMMIT. */
    public enum Cut {
        NONE,
        AFTER_COMMIT,
        BEFORE_COMMIT
    }

    private static final byte[] COMMIT = "COMMIT\0".getBytes(StandardCharsets.US_ASCII);

    private final ServerSocket listener;
    private final int target;
    private final AtomicReference<Cut> armed = new AtomicReference<>(Cut.NONE);
    private final AtomicInteger cuts = new AtomicInteger();

    public PgProxy(int target) {
        this.target = target;
        try {
            this.listener = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** Cuts the next connection that commits. */
    public void arm(Cut cut) {
        armed.set(cut);
    }

    /** Cuts that were made. */
    public int cuts() {
        return cuts.get();
    }

    @Override
    public void close() {
        quietly(listener::close);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                new Link(client, server).start();
            } catch (IOException closedOrRefused) {
                // The server behind may be down: its clients see a closed connection, as they would without us.
                Thread.onSpinWait();
            }
        }
    }

    private final class Link {
        private final Socket client;
        private final Socket server;
        private volatile boolean dropAnswers;

        Link(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        void start() {
            Thread.ofVirtual().start(() -> pump(client, server, true));
            Thread.ofVirtual().start(() -> pump(server, client, false));
        }

        private void pump(Socket from, Socket to, boolean requests) {
            byte[] buffer = new byte[65_536];
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
                    if (requests ? cutBefore(buffer, n) : dropAnswers) {
                        break;
                    }
                    out.write(buffer, 0, n);
                    out.flush();
                }
            } catch (IOException gone) {
                // One side has gone; below the other goes as well.
            }
            quietly(client::close);
            quietly(server::close);
        }

        /** True when the connection must go before these bytes do. */
        private boolean cutBefore(byte[] bytes, int length) {
            if (!contains(bytes, length)) {
                return false;
            }
            Cut cut = armed.getAndSet(Cut.NONE);
            if (cut != Cut.NONE) {
                cuts.incrementAndGet();
            }
            dropAnswers = cut == Cut.AFTER_COMMIT;
            return cut == Cut.BEFORE_COMMIT;
        }
    }

    private static boolean contains(byte[] bytes, int length) {
        for (int i = 0; i + COMMIT.length <= length; i++) {
            int k = 0;
            while (k < COMMIT.length && bytes[i + k] == COMMIT[k]) {
                k++;
            }
            if (k == COMMIT.length) {
                return true;
            }
        }
        return false;
    }

    private interface Closing {
        void close() throws IOException;
    }

    private static void quietly(Closing closing) {
        try {
            closing.close();
        } catch (IOException already) {
            // Closing is all that was wanted.
        }
    }
}
