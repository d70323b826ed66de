package com.fyvault.api;

import com.fyvault.tokens.ClientAddress;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The client's address: the socket's, or, behind a configured number of proxies, the entry that the
 * outermost of them appended to X-Forwarded-For. A header from farther out is never believed.
 */
public final class Addresses {
    private static final ClientAddress NOWHERE = new ClientAddress(0, 0);

    private final int proxyDepth;
    // One event loop sees the same few sockets over and over, and a socket's address does not change.
    private @Nullable SocketAddress lastSocket;
    private ClientAddress lastAddress = NOWHERE;

    /** Belongs to one event loop. */
    public Addresses(int proxyDepth) {
        this.proxyDepth = proxyDepth;
    }

    @SuppressWarnings("ReferenceEquality")
    public ClientAddress of(HttpServerRequest request) {
        @Nullable SocketAddress socket = request.remoteAddress();
        if (proxyDepth > 0) {
            List<String> hops = request.headers().getAll("x-forwarded-for").stream()
                    .flatMap(line -> List.of(line.split(",", 64)).stream())
                    .map(String::strip)
                    .toList();
            return hops.size() < proxyDepth ? NOWHERE : literal(hops.get(hops.size() - proxyDepth));
        }
        if (socket == null) {
            return NOWHERE;
        }
        if (socket != lastSocket) {
            lastSocket = socket;
            @Nullable String host = socket.hostAddress();
            lastAddress = host == null ? NOWHERE : literal(host);
        }
        return lastAddress;
    }

    /** Reads an address; a host name is never looked up. */
    private static ClientAddress literal(String text) {
        boolean digits = !text.isEmpty()
                && text.length() <= 45
                && text.chars().allMatch(c -> Character.digit(c, 16) >= 0 || c == '.' || c == ':')
                && (text.indexOf(':') >= 0 || text.chars().filter(c -> c == '.').count() == 3);
        try {
            return digits ? ClientAddress.of(InetAddress.getByName(text).getAddress()) : NOWHERE;
        } catch (UnknownHostException malformed) {
            return NOWHERE;
        }
    }
}
