package com.fyvault.platform.config;

import java.net.URI;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Second factors of people.
 *
 * @param name whose codes and passkeys they are, as apps and authenticators show it
 * @param rpId the domain that passkeys are made for; they work nowhere else, so it cannot be changed later
 * @param origins of the pages that may ask for a passkey
 */
public record FactorSettings(String name, String rpId, Set<String> origins) {
    private static final String LOCAL = "localhost";
    private static final int LONGEST_NAME = 64;

    public static FactorSettings from(Config config) {
        return from(
                config,
                PeopleSettings.from(config).url(),
                HttpSettings.from(config).port());
    }

    /** Where nothing is set, the address that people have (people.url) says both; else this machine. */
    public static FactorSettings from(Config config, String peopleUrl, int port) {
        String site = peopleUrl.isEmpty() ? "http://" + LOCAL + ":" + port : peopleUrl;
        String domain = config.text("factors.rp.id", "");
        String rpId = domain.isEmpty() ? String.valueOf(host(site)) : domain;
        String listed = config.text("factors.rp.origins", "");
        String name = config.text("factors.name", "FyVault");
        if (name.isBlank() || name.length() > LONGEST_NAME || name.contains(":")) {
            throw new ConfigError("factors.name is 1 to " + LONGEST_NAME + " characters without a colon");
        }
        Set<String> origins = Arrays.stream((listed.isEmpty() ? site : listed).split(",", -1))
                .map(String::strip)
                .filter(origin -> !origin.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
        for (String origin : origins) {
            if (!fits(origin, rpId)) {
                throw new ConfigError(
                        "factors.rp.origins lists origins such as https://vault.example.com, on factors.rp.id or below it");
            }
        }
        if (origins.isEmpty()) {
            throw new ConfigError("factors.rp.origins is empty");
        }
        return new FactorSettings(name, rpId, origins);
    }

    /** As a browser writes it, on the domain or below it, and encrypted unless it is this machine. */
    private static boolean fits(String origin, String rpId) {
        @Nullable String host = host(origin);
        if (host == null) {
            return false;
        }
        URI uri = URI.create(origin);
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        boolean plain = "http".equals(uri.getScheme()) && host.equals(LOCAL);
        return origin.equals(uri.getScheme() + "://" + host + port)
                && (host.equals(rpId) || host.endsWith("." + rpId))
                && (plain || "https".equals(uri.getScheme()));
    }

    private static @Nullable String host(String origin) {
        try {
            return URI.create(origin).getHost();
        } catch (IllegalArgumentException malformed) {
            return null;
        }
    }
}
