package com.fyvault.api;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Cookies of this server: sent only to it, only encrypted, out of reach of scripts, and not from other sites' forms.
 */
public final class Cookies {
    private static final int MOST_PARTS = 64;
    private static final String FLAGS = "; Path=/; Secure; HttpOnly; SameSite=Lax";

    private Cookies() {}

    /** The value of a cookie; null when it is absent, or there twice, which no browser does by itself. */
    public static @Nullable String of(HttpServerRequest request, String name) {
        @Nullable String found = null;
        for (String line : request.headers().getAll(HttpHeaders.COOKIE)) {
            for (String part : line.split(";", MOST_PARTS)) {
                String pair = part.strip();
                if (pair.startsWith(name) && pair.length() > name.length() && pair.charAt(name.length()) == '=') {
                    if (found != null) {
                        return null;
                    }
                    found = pair.substring(name.length() + 1);
                }
            }
        }
        return found;
    }

    /** The header that sets a cookie for so long. */
    public static String set(String name, String value, Duration life) {
        return name + "=" + value + FLAGS + "; Max-Age=" + life.toSeconds();
    }

    /** The header that takes it back. */
    public static String clear(String name) {
        return name + "=" + FLAGS + "; Max-Age=0";
    }
}
