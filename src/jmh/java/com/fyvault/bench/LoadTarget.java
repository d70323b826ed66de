package com.fyvault.bench;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/** One address on this machine and the bytes of the one request that is sent to it over and over. */
final class LoadTarget {
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

    private final String host;
    private final int port;
    private final byte[] request;

    private LoadTarget(String host, int port, byte[] request) {
        this.host = host;
        this.port = port;
        this.request = request;
    }

    /** Encodes a GET. Headers are whole lines, "Name: value". */
    static LoadTarget get(URI url, List<String> headers) {
        if (!"http".equals(url.getScheme()) || url.getHost() == null || url.getPort() < 1) {
            throw new IllegalArgumentException("want http://host:port/path");
        }
        if (!LOOPBACK.contains(url.getHost())) {
            throw new IllegalArgumentException("loads this machine only");
        }
        String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
        StringBuilder text =
                new StringBuilder("GET ").append(path).append(query).append(" HTTP/1.1\r\n");
        text.append("Host: ").append(url.getRawAuthority()).append("\r\n");
        for (String header : headers) {
            if (header.indexOf('\r') >= 0 || header.indexOf('\n') >= 0 || header.indexOf(':') < 1) {
                throw new IllegalArgumentException("want a header as one line, Name: value");
            }
            text.append(header).append("\r\n");
        }
        byte[] request = text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        return new LoadTarget(url.getHost(), url.getPort(), request);
    }

    String host() {
        return host;
    }

    int port() {
        return port;
    }

    /** A copy: it may hold a bearer token, so it is not shared about. */
    byte[] exposeRequest() {
        return request.clone();
    }
}
