package com.fyvault.platform.config;

import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * People and their logins.
 *
 * @param passwordThreads passwords that are hashed at once
 * @param passwordQueue passwords that wait to be hashed
 * @param life how long a login lasts
 * @param idle how long a browser's login lasts without a request
 * @param loginsMinute tries to log in from one address in a minute; 0 is no limit
 * @param mailsMinute requests from one address in a minute that send somebody a mail; 0 is no limit
 * @param url where people reach this installation, for links in mails; empty for none
 * @param origins origins of other sites whose pages may call the API
 */
public record PeopleSettings(
        int passwordThreads,
        int passwordQueue,
        Duration life,
        Duration idle,
        int loginsMinute,
        int mailsMinute,
        String url,
        Set<String> origins) {

    public static PeopleSettings from(Config config) {
        int cores = Runtime.getRuntime().availableProcessors();
        return new PeopleSettings(
                config.number("people.password.threads", Math.max(1, cores / 2), 1, 64),
                config.number("people.password.queue", 32, 1, 1_024),
                Duration.ofMinutes(config.number("people.login.minutes", 720, 1, 43_200)),
                Duration.ofMinutes(config.number("people.idle.minutes", 30, 1, 43_200)),
                config.number("people.logins.minute", 60, 0, 1_000_000_000),
                config.number("people.mails.minute", 10, 0, 1_000_000_000),
                url(config.text("people.url", "")),
                origins(config.text("people.origins", "")));
    }

    private static String url(String text) {
        String url = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        if (!url.isEmpty() && !isOrigin(url)) {
            throw new ConfigError("people.url is not like https://vault.example.com");
        }
        return url;
    }

    private static Set<String> origins(String text) {
        Set<String> origins = Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .filter(origin -> !origin.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
        if (!origins.stream().allMatch(PeopleSettings::isOrigin)) {
            throw new ConfigError("people.origins lists origins such as https://app.example.com");
        }
        return origins;
    }

    /** As a browser writes it: scheme, host in lower case, port if it is not the usual one; nothing after that. */
    private static boolean isOrigin(String text) {
        try {
            URI uri = URI.create(text);
            boolean web = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
            String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
            return web && uri.getHost() != null && text.equals(uri.getScheme() + "://" + uri.getHost() + port);
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }
}
