package com.fyvault.platform.config;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Settings by name, from a properties file and from the environment, which wins. {@code http.port}
 * is {@code FYVAULT_HTTP_PORT} there. A name that nobody asked for is an error, so that a typing
 * mistake cannot leave a default in force unseen.
 */
public final class Config {
    private static final String PREFIX = "FYVAULT_";
    /** Variables that other programs of the family read; they are not settings of the server. */
    private static final Set<String> NOT_SETTINGS = Set.of(
            "FYVAULT_BASE_URL",
            "FYVAULT_ORG_ID",
            "FYVAULT_API_KEY",
            "FYVAULT_TOKEN",
            "FYVAULT_ENV",
            "FYVAULT_JAVA_OPTS",
            "FYVAULT_PRACTICE",
            "FYVAULT_API_URL",
            "FYVAULT_ORG",
            "FYVAULT_LANE",
            "FYVAULT_LOG_LEVEL",
            "FYVAULT_CONFIG");

    private final Map<String, String> values;
    private final Set<String> unread;

    private Config(Map<String, String> values) {
        this.values = values;
        this.unread = new TreeSet<>(values.keySet());
    }

    /** The settings of this process: the file when one is named, and the environment over it. */
    public static Config load(@Nullable Path file, Map<String, String> environment) throws IOException {
        Map<String, String> merged = new HashMap<>();
        if (file != null) {
            Properties properties = new Properties();
            try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
                properties.load(reader);
            }
            properties.forEach((name, value) -> merged.put((String) name, ((String) value).strip()));
        }
        merged.putAll(settingsIn(environment));
        return new Config(merged);
    }

    /** The settings of the environment under those that the program itself decides. */
    public static Config of(Map<String, String> environment, Map<String, String> decided) {
        Map<String, String> merged = settingsIn(environment);
        merged.putAll(decided);
        return new Config(merged);
    }

    private static Map<String, String> settingsIn(Map<String, String> environment) {
        Map<String, String> settings = new HashMap<>();
        environment.forEach((name, value) -> {
            if (name.startsWith(PREFIX) && !NOT_SETTINGS.contains(name)) {
                settings.put(
                        name.substring(PREFIX.length()).toLowerCase(Locale.ROOT).replace('_', '.'), value);
            }
        });
        return settings;
    }

    /** Settings given in code, for tests and the development server. */
    public static Config of(Map<String, String> values) {
        return new Config(new HashMap<>(values));
    }

    public String text(String name, String absent) {
        @Nullable String value = optionalText(name);
        return value == null ? absent : value;
    }

    public @Nullable String optionalText(String name) {
        unread.remove(name);
        return values.get(name);
    }

    /** A whole number within bounds. */
    public int number(String name, int absent, int least, int most) {
        @Nullable String value = optionalText(name);
        if (value == null) {
            return absent;
        }
        try {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException malformed) {
            throw new ConfigError(name + " is not a whole number");
        }
        throw new ConfigError(name + " must be between " + least + " and " + most);
    }

    public Duration millis(String name, int absent, int least, int most) {
        return Duration.ofMillis(number(name, absent, least, most));
    }

    public boolean flag(String name, boolean absent) {
        @Nullable String value = optionalText(name);
        if (value == null) {
            return absent;
        }
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new ConfigError(name + " must be true or false");
        };
    }

    /** Refuses names that no settings record has read. Call it after the last one. */
    public void refuseUnread() {
        if (!unread.isEmpty()) {
            throw new ConfigError("unknown settings: " + String.join(", ", unread));
        }
    }
}
