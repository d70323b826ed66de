package com.fyvault.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.locks.LockSupport;

/** The loopback port of a proxy, and the way from it to the server behind. What passes is the proxy's affair. */
final class ProxyPort implements AutoCloseable {
    private static final long LOOK_NANOS = 10_000_000;

    private final ServerSocket listener;
    private final int target;

    /** What a proxy does with a client that has come. */
    interface Joining {
        void join(Socket client) throws IOException;
    }

    /** What a proxy does with bytes that have come; an exception ends the connection. */
    interface Passing {
        void pass(byte[] bytes, int length, OutputStream out) throws IOException;
    }

    /** Something with a socket that may fail. */
    interface Step {
        void run() throws IOException;
    }

    ProxyPort(int target) {
        this.target = target;
        try {
            this.listener = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Takes clients in, from now on. */
    void start(Joining joining) {
        Thread.ofVirtual().start(() -> accept(joining));
    }

    int number() {
        return listener.getLocalPort();
    }

    /** A connection to the server behind; it and the client's send without delay. */
    Socket behind(Socket client) throws IOException {
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        return server;
    }

    /** Takes no more clients in; those that came keep their connections. */
    @Override
    public void close() {
        quietly(listener::close);
    }

    /** Hands over what arrives until one side has gone. */
    static void pump(Socket from, Socket to, Passing passing) {
        byte[] buffer = new byte[65_536];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
                passing.pass(buffer, n, out);
            }
        } catch (IOException gone) {
            // The caller lets the other side go as well.
        }
    }

    static void quietly(Step step) {
        try {
            step.run();
        } catch (IOException already) {
            // Closing is all that was wanted.
        }
    }

    private void accept(Joining joining) {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                join(joining, client);
            } catch (IOException closed) {
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }
    }

    private static void join(Joining joining, Socket client) throws IOException {
        try {
            joining.join(client);
        } catch (IOException refused) {
            // The server behind may be down: its clients see a closed connection, as they would without us.
            client.close();
        }
    }
}
