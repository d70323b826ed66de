package com.fyvault.support;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Bytes to a socket and the answer from it, for requests that no client library would send. */
public final class RawHttp {
    private static final int PATIENCE_MILLIS = 20_000;

    private RawHttp() {}

    /** An answer; status 0 when the connection was closed without one. */
    public record Answer(int status, String head, String body) {
        public boolean isJson() {
            return head.toLowerCase(Locale.ROOT).contains("content-type: application/json");
        }
    }

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
        InputStream in = new BufferedInputStream(socket.getInputStream());
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                return new Answer(0, head.toString(StandardCharsets.ISO_8859_1), "");
            }
            head.write(next);
        }
        String text = head.toString(StandardCharsets.ISO_8859_1);
        int status = Integer.parseInt(text.substring(9, 12));
        int length = 0;
        for (String line : text.split("\r\n")) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(
                        line.substring("content-length:".length()).strip());
            }
        }
        return new Answer(status, text, new String(in.readNBytes(length), StandardCharsets.UTF_8));
    }
}
