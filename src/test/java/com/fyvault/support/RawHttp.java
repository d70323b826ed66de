package com.fyvault.support;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;

/** Bytes to a socket and the answer from it, for requests that no client library would send. */
public final class RawHttp {
    private static final String END = "\r\n\r\n";
    private static final int PATIENCE_MILLIS = 20_000;

    private RawHttp() {}

    /** An answer; status 0 when the connection was closed without one. */
    public record Answer(int status, String head, String body) {
        public boolean isJson() {
            return head.toLowerCase(Locale.ROOT).contains("content-type: application/json");
        }

        /** The value of a header; empty when it is not there. */
        public String header(String name) {
            for (String line : head.split("\r\n")) {
                if (line.toLowerCase(Locale.ROOT).startsWith(name + ":")) {
                    return line.substring(name.length() + 1).strip();
                }
            }
            return "";
        }
    }

    /** An answer and when its first byte was there. */
    public record Timed(Answer answer, Instant firstByte) {}

    /** Opens a socket to the port. */
    public static Socket open(int port) {
        try {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.setTcpNoDelay(true);
            return socket;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** One request on a connection of its own. The text goes out as ISO 8859-1, so that every byte can be sent. */
    public static Answer exchange(int port, String request) {
        try (Socket socket = open(port)) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return read(socket);
        } catch (IOException failure) {
            return new Answer(0, "", failure.toString());
        }
    }

    /** A GET of a path, exactly as written. */
    public static Answer get(int port, String rawPath, String token) {
        return exchange(
                port,
                "GET " + rawPath + " HTTP/1.1\r\nHost: vault\r\nAuthorization: Bearer " + token
                        + "\r\nConnection: close\r\n\r\n");
    }

    /** Reads one answer from the socket. */
    public static Answer read(Socket socket) throws IOException {
        return readTimed(socket).answer();
    }

    /** Reads one answer from the socket, which may be kept for the next. */
    public static Timed readTimed(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int next = in.read();
        Instant firstByte = Instant.now();
        for (int matched = 0; next >= 0; next = in.read()) {
            head.write(next);
            matched = next == END.charAt(matched) ? matched + 1 : next == END.charAt(0) ? 1 : 0;
            if (matched == END.length()) {
                break;
            }
        }
        String text = head.toString(StandardCharsets.ISO_8859_1);
        if (next < 0) {
            return new Timed(new Answer(0, text, ""), firstByte);
        }
        Answer bare = new Answer(Integer.parseInt(text.substring(9, 12)), text, "");
        String length = bare.header("content-length");
        byte[] body = in.readNBytes(length.isEmpty() ? 0 : Integer.parseInt(length));
        return new Timed(new Answer(bare.status(), text, new String(body, StandardCharsets.UTF_8)), firstByte);
    }
}
