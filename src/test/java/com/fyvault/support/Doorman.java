package com.fyvault.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/** A listening socket that counts who connects, and hangs up. */
public final class Doorman implements AutoCloseable {
    private final ServerSocket socket;
    private final AtomicInteger came = new AtomicInteger();

    private Doorman(ServerSocket socket) {
        this.socket = socket;
    }

    /** At an address and port of this machine; port 0 picks a free one. */
    public static Doorman at(String address, int port) {
        try {
            ServerSocket socket = new ServerSocket();
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral(address), port));
            Doorman doorman = new Doorman(socket);
            var _ = Thread.ofVirtual().start(doorman::watch);
            return doorman;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    public int port() {
        return socket.getLocalPort();
    }

    /** Connections so far. */
    public int came() {
        return came.get();
    }

    private void watch() {
        while (!socket.isClosed()) {
            try (Socket visitor = socket.accept()) {
                if (visitor.isConnected()) {
                    came.incrementAndGet();
                }
            } catch (IOException closed) {
                return;
            }
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
