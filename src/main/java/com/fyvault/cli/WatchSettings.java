package com.fyvault.cli;

import com.fyvault.scan.ScanError;
import com.fyvault.scan.Source;
import com.fyvault.scan.WatchedRepository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What {@code fyvault watch} is told in its file; {@code config/watch.properties.example} has every line.
 *
 * @param door where what is found is reported; null: it is only told
 * @param repositories by the names that they have here
 */
record WatchSettings(
        Path directory,
        Duration every,
        Sightings.@Nullable Door door,
        WatchedRepository.Limits limits,
        Map<String, Source> repositories) {
    private static final String REPOSITORY = "repository.";
    private static final int MOST_REPOSITORIES = 1000;
    private static final Set<String> KNOWN = Set.of(
            "directory",
            "every",
            "server",
            "organization",
            "key.file",
            "git.config",
            "limit.minutes",
            "limit.megabytes");

    static WatchSettings read(Path file) {
        Properties lines = new Properties();
        try (var text = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            lines.load(text);
        } catch (IOException | IllegalArgumentException unreadable) {
            throw new ScanError("cannot read " + file + ": " + unreadable.getMessage(), unreadable);
        }
        Map<String, Source> repositories = new TreeMap<>();
        for (String name : lines.stringPropertyNames()) {
            if (name.startsWith(REPOSITORY)) {
                String own = name.substring(REPOSITORY.length());
                if (!WatchedRepository.isName(own)) {
                    throw new ScanError(name + ": a name has letters, digits, '_', '-' and '.'");
                }
                repositories.put(own, Source.parse(lines.getProperty(name).strip()));
            } else if (!KNOWN.contains(name)) {
                throw new ScanError(file + ": " + name + " is not known");
            }
        }
        if (repositories.isEmpty() || repositories.size() > MOST_REPOSITORIES) {
            throw new ScanError(file + ": name 1 to " + MOST_REPOSITORIES + " repositories, repository.NAME=...");
        }
        return new WatchSettings(
                Path.of(needed(lines, "directory")).toAbsolutePath(),
                Duration.ofSeconds(seconds(lines.getProperty("every", "15m").strip())),
                door(lines),
                new WatchedRepository.Limits(
                        1024L * 1024 * number(lines, "limit.megabytes", 2048, 1_000_000),
                        Duration.ofMinutes(number(lines, "limit.minutes", 10, 1440)),
                        Path.of(lines.getProperty("git.config", "/dev/null").strip())),
                repositories);
    }

    private static Sightings.@Nullable Door door(Properties lines) {
        @Nullable String server = lines.getProperty("server");
        if (server == null) {
            return null;
        }
        try {
            String organization = UUID.fromString(needed(lines, "organization")).toString();
            String key = Files.readString(Path.of(needed(lines, "key.file"))).strip();
            return new Sightings.Door(server.strip(), organization, key);
        } catch (IOException unreadable) {
            throw new ScanError("cannot read key.file: " + unreadable.getMessage(), unreadable);
        } catch (IllegalArgumentException malformed) {
            throw new ScanError("organization is a UUID, and server an address", malformed);
        }
    }

    private static String needed(Properties lines, String name) {
        @Nullable String text = lines.getProperty(name);
        if (text == null || text.isBlank()) {
            throw new ScanError(name + " is missing");
        }
        return text.strip();
    }

    private static long number(Properties lines, String name, long usual, long most) {
        String text = lines.getProperty(name, Long.toString(usual)).strip();
        if (!text.matches("[0-9]{1,9}") || Long.parseLong(text) < 1 || Long.parseLong(text) > most) {
            throw new ScanError(name + " is a whole number from 1 to " + most);
        }
        return Long.parseLong(text);
    }

    private static long seconds(String text) {
        if (!text.matches("[0-9]{1,5}[smh]") || text.startsWith("0")) {
            throw new ScanError("every is a time such as 90s, 15m or 2h");
        }
        long number = Long.parseLong(text.substring(0, text.length() - 1));
        return number * (text.endsWith("s") ? 1 : text.endsWith("m") ? 60 : 3600);
    }
}
