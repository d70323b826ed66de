package com.fyvault.platform.config;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The mail server that notices go to.
 *
 * @param host empty for none: notices are then kept and not sent
 * @param from the sender's address
 * @param interval how often due notices are looked for
 */
public record MailSettings(
        String host,
        int port,
        Tls tls,
        @Nullable String user,
        @Nullable String password,
        String from,
        Duration timeout,
        Duration interval) {

    /** How the connection is protected. */
    public enum Tls {
        /** STARTTLS, or nothing is sent. */
        REQUIRED,
        /** From the first byte, as on port 465. */
        IMPLICIT,
        /** Not at all: only for a server on the same machine. */
        NONE
    }

    public static MailSettings from(Config config) {
        MailSettings settings = new MailSettings(
                config.text("mail.smtp.host", ""),
                config.number("mail.smtp.port", 587, 1, 65_535),
                tls(config.text("mail.smtp.tls", "required")),
                config.optionalText("mail.smtp.user"),
                config.optionalText("mail.smtp.password"),
                config.text("mail.smtp.from", ""),
                config.millis("mail.smtp.timeout.millis", 10_000, 100, 120_000),
                config.millis("mail.interval.millis", 5_000, 100, 3_600_000));
        if (settings.isOn() && settings.from().isEmpty()) {
            throw new ConfigError("mail.smtp.host needs mail.smtp.from");
        }
        if (settings.user() != null && settings.password() == null) {
            throw new ConfigError("mail.smtp.user needs mail.smtp.password");
        }
        return settings;
    }

    public boolean isOn() {
        return !host.isEmpty();
    }

    private static Tls tls(String name) {
        try {
            return Tls.valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException unknown) {
            throw new ConfigError("mail.smtp.tls is required, implicit or none");
        }
    }

    @Override
    public String toString() {
        return "MailSettings[" + host + ":" + port + "]";
    }
}
