package com.fyvault.api;

import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which pages may have a browser change something here: this site's own, and those of configured origins. A page of
 * another site can make a browser send a request with its cookies, but it cannot choose Sec-Fetch-Site or Origin, nor
 * send JSON without asking first.
 */
public final class Sites {
    private static final Set<HttpMethod> SAFE = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);
    private static final String SITE = "sec-fetch-site";
    private static final Set<String> OWN = Set.of("same-origin", "none");

    private final Set<String> origins;

    /** @param origins configured ones besides the own, such as {@code https://app.example.com} */
    public Sites(Set<String> origins) {
        this.origins = Set.copyOf(origins);
    }

    boolean hasOrigins() {
        return !origins.isEmpty();
    }

    /** True for a configured origin. */
    public boolean isConfigured(@Nullable String origin) {
        return origin != null && origins.contains(origin);
    }

    /**
     * For a request whose cookie counts: refused unless it says that it comes from here, and is JSON. One that only reads
     * need say nothing, but not that it comes from elsewhere: nobody there could see the answer, but the read would stand
     * in the trail.
     */
    public void checkCookie(HttpServerRequest request) {
        boolean reads = SAFE.contains(request.method());
        boolean fine = reads ? !says(request) || saysOwn(request) : isJson(request) && saysOwn(request);
        if (!fine) {
            throw Refusal.of(ErrorCode.CROSS_SITE);
        }
    }

    /** For a request that needs no cookie, such as a login: refused when it says that it comes from elsewhere. */
    public void checkOpen(HttpServerRequest request) {
        if (says(request) && !SAFE.contains(request.method())) {
            checkCookie(request);
        }
    }

    /** True when a request says where it comes from. */
    private static boolean says(HttpServerRequest request) {
        return request.getHeader(SITE) != null || request.getHeader(HttpHeaders.ORIGIN) != null;
    }

    private boolean saysOwn(HttpServerRequest request) {
        @Nullable String origin = request.getHeader(HttpHeaders.ORIGIN);
        if (isConfigured(origin)) {
            return true;
        }
        @Nullable String site = request.getHeader(SITE);
        return site == null ? isOwn(request, origin) : OWN.contains(site) && (origin == null || isOwn(request, origin));
    }

    private static boolean isOwn(HttpServerRequest request, @Nullable String origin) {
        @Nullable HostAndPort authority = request.authority();
        if (origin == null || authority == null) {
            return false;
        }
        String host = authority.toString().toLowerCase(Locale.ROOT);
        return origin.equals("https://" + host) || origin.equals("http://" + host);
    }

    private static boolean isJson(HttpServerRequest request) {
        @Nullable String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
        return type != null
                && type.toLowerCase(Locale.ROOT).split(";", 2)[0].strip().equals("application/json");
    }
}
