package com.fyvault.support;

import static com.fyvault.support.ProxyPort.quietly;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/** Stands before any TCP server and, told so, breaks what passes: old connections and new ones alike. */
public final class StallProxy implements AutoCloseable {
    /** What happens to bytes, both ways. */
    public enum Fault {
        /** Nothing. */
        NONE,
        /** They vanish; the connection stays open, as on a link that was cut. */
        SWALLOW,
        /** Each piece arrives 5 seconds late. */
        DELAY,
        /** One byte a second arrives. */
        TRICKLE,
        /** Each piece arrives in single bytes, at once: nothing is lost. */
        SLICE,
        /** Connections are reset, and new ones too. */
        RESET
    }

    private static final long DELAY_NANOS = 5_000_000_000L;
    private static final long TRICKLE_NANOS = 1_000_000_000L;
    private static final long SLOT_NANOS = 10_000_000L;

    private final ProxyPort port;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile Fault fault = Fault.NONE;
    /** Bytes that were really held up or thrown away. */
    private final LongAdder harmed = new LongAdder();

    public StallProxy(int target) {
        port = new ProxyPort(target);
        port.start(this::join);
    }

    public int port() {
        return port.number();
    }

    /** From now on; NONE repairs it. What a fault has swallowed does not come back. */
    public void set(Fault next) {
        fault = next;
        if (next == Fault.RESET) {
            reset();
        }
    }

    /** Bytes that a fault has met. */
    public long harmed() {
        return harmed.sum();
    }

    /** Resets every open connection, once. */
    public void reset() {
        for (Socket socket : open) {
            quietly(() -> socket.setSoLinger(true, 0));
            quietly(socket::close);
        }
    }

    @Override
    public void close() {
        port.close();
        reset();
    }

    private void join(Socket client) throws IOException {
        if (fault == Fault.RESET) {
            client.setSoLinger(true, 0);
            client.close();
            return;
        }
        Socket server = port.behind(client);
        open.add(client);
        open.add(server);
        Thread.ofVirtual().start(() -> pump(client, server));
        Thread.ofVirtual().start(() -> pump(server, client));
    }

    private void pump(Socket from, Socket to) {
        ProxyPort.pump(from, to, this::pass);
        quietly(from::close);
        quietly(to::close);
        open.remove(from);
        open.remove(to);
    }

    private void pass(byte[] bytes, int length, OutputStream out) throws IOException {
        Fault now = fault;
        harmed.add(now == Fault.NONE ? 0 : length);
        switch (now) {
            case SWALLOW, RESET -> {}
            case DELAY -> {
                hold(DELAY_NANOS, now);
                write(out, bytes, 0, length);
            }
            case TRICKLE -> {
                int sent = 0;
                while (sent < length && fault == now) {
                    write(out, bytes, sent++, 1);
                    hold(TRICKLE_NANOS, now);
                }
                write(out, bytes, sent, length - sent);
            }
            case SLICE -> {
                for (int i = 0; i < length; i++) {
                    write(out, bytes, i, 1);
                }
            }
            case NONE -> write(out, bytes, 0, length);
        }
    }

    private void hold(long nanos, Fault during) {
        long until = System.nanoTime() + nanos;
        while (System.nanoTime() - until < 0 && fault == during) {
            LockSupport.parkNanos(SLOT_NANOS);
        }
    }

    private static void write(OutputStream out, byte[] bytes, int from, int length) throws IOException {
        out.write(bytes, from, length);
        out.flush();
    }
}
