package com.fyvault.support;

import static com.fyvault.support.ProxyPort.quietly;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Stands between a node and one of its stores and misbehaves as told. Faults act on the connections
 * that have sent a certain text (a statement, a command), or on all. Each is counted when it is done to bytes, not
 * when it is asked for. What is random comes from a seed.
 */
public final class FaultProxy implements AutoCloseable {
    /** What happens to bytes. */
    public enum Fault {
        NONE,
        /** They arrive up to 40 ms late. */
        LATENCY,
        /** They wait until the fault is over. */
        HOLD,
        /** They are swallowed, and so is everything after them: the connection stands and says nothing. */
        HALF_OPEN,
        /** The connection is reset. */
        RESET,
        /** They arrive one by one. */
        SLICE,
        /** One bit of them is turned. */
        CORRUPT
    }

    /** Which connections: those on which the client has sent the text; an empty one means all. */
    public record Where(String text) {
        public static final Where EVERYWHERE = new Where("");
    }

    private record Rule(Where where, Fault fault) {}

    /** Something to do just before the next bytes of an answer go on. */
    private record Trap(Where where, Runnable action) {}

    private static final long MOST_LATENCY_MILLIS = 40;
    private static final long LOOK_NANOS = 1_000_000;

    private final ProxyPort port;
    private final SplittableRandom random;
    private final List<Link> links = new CopyOnWriteArrayList<>();
    private final Map<Fault, AtomicLong> done = new EnumMap<>(Fault.class);
    private final AtomicReference<Trap> trap = new AtomicReference<>();
    private volatile Rule rule = new Rule(Where.EVERYWHERE, Fault.NONE);

    public FaultProxy(int target, long seed) {
        this.random = new SplittableRandom(seed);
        for (Fault fault : Fault.values()) {
            done.put(fault, new AtomicLong());
        }
        port = new ProxyPort(target);
        port.start(this::join);
    }

    public int port() {
        return port.number();
    }

    /** From now on. A reset is done at once, to connections that stand idle too. */
    public void set(Fault fault, Where where) {
        rule = new Rule(where, fault);
        if (fault == Fault.RESET) {
            links.stream().filter(link -> link.has(where)).forEach(Link::reset);
        }
    }

    /** No more faults. Connections that were made half-open stay so until one end closes them. */
    public void heal() {
        set(Fault.NONE, Where.EVERYWHERE);
    }

    /** Runs the action once, when the next answer is about to go to the client, which has it afterwards. */
    public void trap(Where where, Runnable action) {
        trap.set(new Trap(where, action));
    }

    /** How often the fault was done to bytes or connections. */
    public long done(Fault fault) {
        return done.get(fault).get();
    }

    @Override
    public void close() {
        port.close();
        links.forEach(Link::end);
    }

    private void join(Socket client) throws IOException {
        Socket server = port.behind(client);
        Link link = new Link(client, server);
        links.add(link);
        Thread.ofVirtual().start(() -> link.pump(client, server, true));
        Thread.ofVirtual().start(() -> link.pump(server, client, false));
    }

    private final class Link {
        private final Socket client;
        private final Socket server;
        private final List<String> sent = new CopyOnWriteArrayList<>();
        private volatile boolean halfOpen;

        Link(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        boolean has(Where where) {
            return where.text().isEmpty() || sent.stream().anyMatch(text -> text.contains(where.text()));
        }

        void reset() {
            done.get(Fault.RESET).incrementAndGet();
            quietly(() -> client.setSoLinger(true, 0));
            end();
        }

        void end() {
            links.remove(this);
            quietly(client::close);
            quietly(server::close);
        }

        void pump(Socket from, Socket to, boolean requests) {
            ProxyPort.pump(from, to, (buffer, length, out) -> {
                if (requests) {
                    note(buffer, length);
                } else {
                    spring();
                }
                pass(out, buffer, length);
            });
            end();
        }

        /** Statements are prepared once, so the texts that tell connections apart come early and are few. */
        private void note(byte[] buffer, int length) {
            if (sent.size() < 64) {
                sent.add(new String(buffer, 0, length, StandardCharsets.ISO_8859_1));
            }
        }

        private void spring() {
            Trap set = trap.get();
            if (set != null && has(set.where()) && trap.compareAndSet(set, null)) {
                set.action().run();
            }
        }

        private void pass(OutputStream out, byte[] buffer, int length) throws IOException {
            Rule now = rule;
            Fault fault = has(now.where()) ? now.fault() : Fault.NONE;
            if (halfOpen || fault == Fault.HALF_OPEN) {
                halfOpen = true;
                done.get(Fault.HALF_OPEN).incrementAndGet();
                return;
            }
            if (fault == Fault.NONE) {
                out.write(buffer, 0, length);
                return;
            }
            done.get(fault).incrementAndGet();
            switch (fault) {
                case LATENCY -> LockSupport.parkNanos(1_000_000 * next(MOST_LATENCY_MILLIS));
                case HOLD -> hold(now);
                case CORRUPT -> buffer[(int) next(length)] ^= (byte) (1 << next(8));
                case RESET -> reset();
                default -> {}
            }
            if (fault == Fault.SLICE) {
                for (byte one : Arrays.copyOf(buffer, length)) {
                    out.write(one);
                }
            } else {
                out.write(buffer, 0, length);
            }
        }

        private void hold(Rule held) {
            while (rule.equals(held) && !client.isClosed()) {
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }
    }

    private synchronized long next(long bound) {
        return random.nextLong(bound);
    }
}
