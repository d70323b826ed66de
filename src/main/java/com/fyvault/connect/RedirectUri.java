package com.fyvault.connect;

import com.fyvault.platform.http.Fields;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the browser is sent back to with the code: https, or http on the person's own machine, character by character what
 * the provider gave. Names are punycode, so that what is shown is what is meant.
 */
record RedirectUri(String text) {
    static final int LONGEST = 2_000;
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

    static RedirectUri parse(String field, String text) {
        if (!isFine(text)) {
            throw Fields.invalid(field, "is not https (http on loopback) with a host, without user and fragment");
        }
        return new RedirectUri(text);
    }

    private static boolean isFine(String text) {
        if (text.length() > LONGEST || !text.chars().allMatch(c -> c > ' ' && c < 127 && c != '\\')) {
            return false;
        }
        try {
            URI uri = new URI(text);
            @Nullable String host = uri.getHost();
            boolean secure = "https".equals(uri.getScheme()) || ("http".equals(uri.getScheme()) && isHere(host));
            return secure && host != null && uri.getRawUserInfo() == null && uri.getRawFragment() == null;
        } catch (URISyntaxException malformed) {
            return false;
        }
    }

    private static boolean isHere(@Nullable String host) {
        return host != null && LOOPBACK.contains(host);
    }

    String host() {
        return URI.create(text).getHost();
    }

    /** The address with what is handed over. */
    String with(String code, @Nullable String state) {
        StringBuilder to = new StringBuilder(text)
                .append(text.indexOf('?') < 0 ? '?' : '&')
                .append("code=")
                .append(code);
        if (state != null) {
            to.append("&state=").append(URLEncoder.encode(state, StandardCharsets.UTF_8));
        }
        return to.toString();
    }
}
