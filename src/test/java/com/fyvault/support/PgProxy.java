package com.fyvault.support;

import static com.fyvault.support.ProxyPort.quietly;

import java.io.IOException;
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

    private final ProxyPort port;
    private final AtomicReference<Cut> armed = new AtomicReference<>(Cut.NONE);
    private final AtomicInteger cuts = new AtomicInteger();

    public PgProxy(int target) {
        port = new ProxyPort(target);
        port.start(this::join);
    }

    public int port() {
        return port.number();
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
        port.close();
    }

    private void join(Socket client) throws IOException {
        Socket server = port.behind(client);
        Link link = new Link(client, server);
        Thread.ofVirtual().start(() -> link.pump(client, server, true));
        Thread.ofVirtual().start(() -> link.pump(server, client, false));
    }

    private final class Link {
        private final Socket client;
        private final Socket server;
        private volatile boolean dropAnswers;

        Link(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        void pump(Socket from, Socket to, boolean requests) {
            ProxyPort.pump(from, to, (bytes, length, out) -> {
                if (requests ? cutBefore(bytes, length) : dropAnswers) {
                    throw new IOException("cut");
                }
                out.write(bytes, 0, length);
                out.flush();
            });
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
}
