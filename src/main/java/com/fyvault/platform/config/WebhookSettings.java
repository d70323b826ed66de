package com.fyvault.platform.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The webhook that notices go to.
 *
 * @param url empty for none
 * @param secret signs what is sent
 * @param loopback allows this machine itself, over plain HTTP too
 * @param privateRanges address ranges that are allowed although they are not public
 * @param interval how often due notices are looked for
 */
public record WebhookSettings(
        String url,
        @Nullable String secret,
        boolean loopback,
        List<String> privateRanges,
        Duration timeout,
        Duration interval) {

    public static WebhookSettings from(Config config) {
        WebhookSettings settings = new WebhookSettings(
                config.text("notices.webhook.url", ""),
                config.optionalText("notices.webhook.secret"),
                config.flag("notices.webhook.loopback", false),
                ranges(config.text("notices.webhook.private.ranges", "")),
                config.millis("notices.webhook.timeout.millis", 10_000, 100, 20_000),
                config.millis("notices.webhook.interval.millis", 5_000, 100, 3_600_000));
        if (settings.isOn() && settings.secret() == null) {
            throw new ConfigError("notices.webhook.url needs notices.webhook.secret");
        }
        return settings;
    }

    public boolean isOn() {
        return !url.isEmpty();
    }

    private static List<String> ranges(String text) {
        return Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .filter(range -> !range.isEmpty())
                .toList();
    }

    @Override
    public String toString() {
        return "WebhookSettings[" + (isOn() ? "on" : "off") + "]";
    }
}
