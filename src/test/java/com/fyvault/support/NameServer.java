package com.fyvault.support;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A name server of the test's own (RFC 1035), whose answers are good for no time: a name may have another address each time. */
public final class NameServer implements AutoCloseable {
    private static final int A = 1;
    private static final int AAAA = 28;
    private static final int HEAD = 12;

    private final DatagramSocket socket;
    private final Map<String, List<List<String>>> names;
    private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();

    private NameServer(DatagramSocket socket, Map<String, List<List<String>>> names) {
        this.socket = socket;
        this.names = names;
    }

    /** @param names the addresses of each answer to a name, one after the other, and then from the start */
    public static NameServer start(Map<String, List<List<String>>> names) {
        try {
            NameServer server =
                    new NameServer(new DatagramSocket(0, InetAddress.getLoopbackAddress()), Map.copyOf(names));
            var _ = Thread.ofVirtual().start(server::serve);
            return server;
        } catch (SocketException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Where it listens, as a resolver is told. */
    public String address() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    /** How often the name was asked for. */
    public int asked(String name) {
        AtomicInteger times = asked.get(name);
        return times == null ? 0 : times.get();
    }

    private void serve() {
        byte[] buffer = new byte[512];
        while (!socket.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                socket.receive(packet);
                byte[] answer = answer(java.util.Arrays.copyOf(buffer, packet.getLength()));
                socket.send(new DatagramPacket(answer, answer.length, (InetSocketAddress) packet.getSocketAddress()));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private byte[] answer(byte[] query) throws IOException {
        StringBuilder name = new StringBuilder();
        int at = HEAD;
        while (query[at] != 0) {
            name.append(name.isEmpty() ? "" : ".")
                    .append(new String(query, at + 1, query[at], StandardCharsets.US_ASCII));
            at += query[at] + 1;
        }
        int type = (query[at + 1] & 0xff) << 8 | (query[at + 2] & 0xff);
        int end = at + 5;
        String asking = name.toString().toLowerCase(java.util.Locale.ROOT);
        List<String> addresses = addresses(asking, type);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(query, 0, 2);
        out.write(new byte[] {
            (byte) 0x81, (byte) (names.containsKey(asking) ? 0x80 : 0x83), 0, 1, 0, (byte) addresses.size(), 0, 0, 0, 0
        });
        out.write(query, HEAD, end - HEAD);
        for (String address : addresses) {
            byte[] bytes = InetAddress.ofLiteral(address).getAddress();
            out.write(new byte[] {(byte) 0xc0, HEAD, 0, (byte) type, 0, 1, 0, 0, 0, 0, 0, (byte) bytes.length});
            out.write(bytes);
        }
        return out.toByteArray();
    }

    private List<String> addresses(String name, int type) {
        List<List<String>> answers = names.getOrDefault(name, List.of());
        boolean sixes = !answers.isEmpty() && answers.get(0).get(0).contains(":");
        if (answers.isEmpty() || type != (sixes ? AAAA : A)) {
            return List.of();
        }
        int time = asked.computeIfAbsent(name, first -> new AtomicInteger()).getAndIncrement();
        return answers.get(time % answers.size());
    }

    @Override
    public void close() {
        socket.close();
    }
}
