package com.fyvault.api;

import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.tokens.TokenFormat;
import com.fyvault.tokens.TokenHash;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * What a person shows of their login: a signed token in the Authorization header, or a cookie when there is no such
 * header. Other tokens begin with {@code fv} and are none of this.
 *
 * @param cookie true when a browser sent it by itself, so that the request may be somebody else's idea
 */
public record LoginToken(String text, boolean cookie) {
    /** The cookie of a login. The prefix binds it to this host and to encrypted connections. */
    public static final String COOKIE = "__Host-fyvault_session";

    /** Before the random characters of a cookie's value. */
    public static final String COOKIE_PREFIX = "fvweb_";

    private static final String SCHEME = "bearer ";
    /** Characters of the longest. */
    public static final int LONGEST = 1_024;

    /** True when the request shows a login, or nothing but a cookie; cheap for every other token. */
    public static boolean isShown(HttpServerRequest request) {
        @Nullable String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
        return authorization == null
                ? request.headers().contains(HttpHeaders.COOKIE)
                : authorization.length() > SCHEME.length() && authorization.charAt(SCHEME.length()) == 'e';
    }

    /** The login's token, or null when the request has none; refused when it has the shape of none. */
    public static @Nullable LoginToken of(HttpServerRequest request) {
        @Nullable String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (authorization == null) {
            @Nullable String value = Cookies.of(request, COOKIE);
            if (value != null && !TokenFormat.fits(value, COOKIE_PREFIX)) {
                throw Refusal.of(ErrorCode.TOKEN_INVALID);
            }
            return value == null ? null : new LoginToken(value, true);
        }
        if (!isShown(request) || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return null;
        }
        String token = authorization.substring(SCHEME.length());
        if (token.length() > LONGEST || !token.chars().allMatch(LoginToken::isOfToken)) {
            throw Refusal.of(ErrorCode.TOKEN_INVALID);
        }
        return new LoginToken(token, false);
    }

    /** What the login is known by. */
    public TokenHash hash() {
        return TokenFormat.hash(text);
    }

    private static boolean isOfToken(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '_'
                || c == '.';
    }

    @Override
    public String toString() {
        return "LoginToken[" + (cookie ? "cookie" : "bearer") + "]";
    }
}
