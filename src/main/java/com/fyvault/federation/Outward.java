package com.fyvault.federation;

import com.fyvault.tokens.CidrSet;
import com.fyvault.tokens.ClientAddress;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where this server may connect to on the word of somebody else: public addresses, and the ranges that the operator has named.
 * The address is checked that is then connected to, so a name that answers differently the second time gains nothing.
 */
public final class Outward {
    private static final int LONGEST = 512;
    private static final int NO_PORT = -1;
    private static final int LAST_PORT = 65_535;
    private static final int HTTPS = 443;
    private static final int HTTP = 80;
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

    /** Of IPv4 everything is public but these (RFC 6890 and its registry); IPv4 inside IPv6 counts as IPv4. */
    private static final CidrSet NOT_PUBLIC = CidrSet.compile(List.of(
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/3",
            "2001::/23",
            "2001:db8::/32",
            "2002::/16",
            "3fff::/20"));

    /** Of IPv6 only what is global unicast is public. */
    private static final CidrSet PUBLIC = CidrSet.compile(List.of("0.0.0.0/0", "2000::/3"));

    private static final CidrSet LOOPBACKS = CidrSet.compile(List.of("127.0.0.0/8", "::1/128"));

    private final @Nullable CidrSet allowed;
    private final boolean development;

    /**
     * @param ranges allowed beside the public ones
     * @param development allows plain HTTP to this machine itself, and only there
     */
    public Outward(List<String> ranges, boolean development) {
        this.allowed = ranges.isEmpty() ? null : CidrSet.compile(ranges);
        this.development = development;
    }

    /** Where a text leads, when it is an address that this server may ask: https, a host, nothing but a path behind it. */
    public @Nullable URI target(String text) {
        try {
            URI uri = new URI(text);
            boolean plain = uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null
                    && (uri.getPort() == NO_PORT || (uri.getPort() > 0 && uri.getPort() <= LAST_PORT))
                    && text.length() <= LONGEST
                    && text.chars().allMatch(c -> c > ' ' && c < 127);
            boolean loopback = development && "http".equals(uri.getScheme()) && LOOPBACK.contains(uri.getHost());
            return plain && ("https".equals(uri.getScheme()) || loopback) ? uri : null;
        } catch (URISyntaxException malformed) {
            return null;
        }
    }

    /** A request to the address that was checked, under the host's own name; it follows no redirect. */
    public static RequestOptions request(URI target, String host, InetAddress address) {
        String path = target.getRawPath();
        return new RequestOptions()
                .setServer(SocketAddress.inetSocketAddress(port(target), address.getHostAddress()))
                .setHost(host)
                .setPort(port(target))
                .setSsl("https".equals(target.getScheme()))
                .setURI(path == null || path.isEmpty() ? "/" : path)
                .setFollowRedirects(false);
    }

    /** The port that an address means. */
    private static int port(URI target) {
        return target.getPort() >= 0 ? target.getPort() : "https".equals(target.getScheme()) ? HTTPS : HTTP;
    }

    /** True when this server may connect there. */
    public boolean allows(InetAddress address) {
        ClientAddress client = ClientAddress.of(address.getAddress());
        if (allowed != null && allowed.allows(client)) {
            return true;
        }
        if (development && LOOPBACKS.allows(client)) {
            return true;
        }
        return PUBLIC.allows(client) && !NOT_PUBLIC.allows(client);
    }
}
