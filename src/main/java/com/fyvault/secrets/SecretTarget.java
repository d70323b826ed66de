package com.fyvault.secrets;

import com.fyvault.api.Ids;
import com.fyvault.platform.http.Path;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which value a request asks for.
 *
 * @param org the organization's id as sent
 * @param project lower-case name or id, or null for the default project
 * @param environment lower-case name or id, or null for the default environment
 */
record SecretTarget(
        String org,
        @Nullable String project,
        SecretKey secret,
        @Nullable String environment) {
    private static final String[] PREFIXES = {"/api/v1/orgs/", "/v1/orgs/"};
    private static final String BY_NAME = "/secrets/by-name/";
    private static final String VALUE = "/value";
    private static final String ENVIRONMENT = "environment=";
    private static final int ORG_LENGTH = 36;
    private static final int LONGEST_NAME = 128;

    /**
     * Reads {@code {prefix}/orgs/{org}/secrets/by-name/{name}/value[?environment={name}]} in its plain
     * spelling. Null for everything else, which the route table takes: it knows every spelling, and
     * both lead to the same target.
     */
    static @Nullable SecretTarget plain(String uri) {
        int at = orgStart(uri);
        int nameAt = at + ORG_LENGTH + BY_NAME.length();
        if (at < 0 || !uri.startsWith(BY_NAME, at + ORG_LENGTH)) {
            return null;
        }
        int nameEnd = plainEnd(uri, nameAt);
        int end = nameEnd + VALUE.length();
        if (nameEnd == nameAt || nameEnd - nameAt > LONGEST_NAME || !uri.startsWith(VALUE, nameEnd)) {
            return null;
        }
        @Nullable String environment = null;
        if (end < uri.length()) {
            int from = end + 1 + ENVIRONMENT.length();
            boolean named = uri.charAt(end) == '?' && uri.startsWith(ENVIRONMENT, end + 1);
            if (!named || from == uri.length() || plainEnd(uri, from) != uri.length()) {
                return null;
            }
            environment = lower(uri.substring(from));
        }
        String name = uri.substring(nameAt, nameEnd);
        if (name.equals(".") || name.equals("..")) {
            return null;
        }
        return new SecretTarget(uri.substring(at, at + ORG_LENGTH), null, SecretKey.name(lower(name)), environment);
    }

    /** The key of a path parameter that holds an id; null for what is no id. */
    static @Nullable SecretKey idKey(String text) {
        @Nullable UUID id = Ids.parse(text);
        return id == null ? null : SecretKey.id(id);
    }

    /** Names are ASCII, so this is the whole of case folding. */
    static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    private static int orgStart(String uri) {
        for (String prefix : PREFIXES) {
            if (uri.startsWith(prefix)) {
                return prefix.length();
            }
        }
        return -1;
    }

    private static int plainEnd(String uri, int from) {
        int at = from;
        while (at < uri.length() && Path.isPlain(uri.charAt(at))) {
            at++;
        }
        return at;
    }
}
