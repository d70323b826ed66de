package com.fyvault.platform.config;

import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.RedisRole;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How Redis is reached, and how long anything waits for it.
 *
 * @param urls {@code redis://host:port} or {@code rediss://host:port} (TLS); none when Redis is not used
 * @param type one server, a Sentinel set or a Cluster
 * @param prefix what every key begins with
 * @param queue calls that may be under way at once
 * @param callTimeout the longest wait for an answer
 */
public record RedisSettings(
        List<String> urls,
        RedisClientType type,
        String masterName,
        @Nullable String user,
        @Nullable String password,
        @Nullable String trustFile,
        String prefix,
        int poolSize,
        int queue,
        Duration callTimeout,
        Duration connectTimeout,
        SharedDecisionSettings decisions) {
    private static final int SILENT_SECONDS = 2;

    public static RedisSettings from(Config config) {
        String urls = config.text("redis.url", "");
        return new RedisSettings(
                Stream.of(urls.split(",", -1))
                        .map(String::strip)
                        .filter(url -> !url.isEmpty())
                        .map(RedisSettings::checked)
                        .toList(),
                type(config.text("redis.mode", "single")),
                config.text("redis.master.name", "mymaster"),
                config.optionalText("redis.user"),
                config.optionalText("redis.password"),
                config.optionalText("redis.trust.file"),
                config.text("redis.prefix", "fv"),
                config.number("redis.pool.size", 8, 1, 256),
                config.number("redis.queue", 512, 1, 65_536),
                config.millis("redis.call.timeout.millis", 50, 1, 1_000),
                config.millis("redis.connect.timeout.millis", 250, 10, 2_000),
                SharedDecisionSettings.from(config));
    }

    public boolean isConfigured() {
        return !urls.isEmpty();
    }

    /** For the client. The pool concerns Sentinel and Cluster, which keep connections of their own. */
    public RedisOptions options() {
        NetClientOptions net = new NetClientOptions()
                .setConnectTimeout((int) connectTimeout.toMillis())
                .setTcpNoDelay(true)
                .setTcpKeepAlive(true)
                .setHostnameVerificationAlgorithm("HTTPS");
        if (type == RedisClientType.STANDALONE) {
            // The heartbeat keeps a live link busy; an attempt whose greeting nobody answers ends by this.
            net.setReadIdleTimeout(SILENT_SECONDS).setIdleTimeoutUnit(TimeUnit.SECONDS);
        }
        if (trustFile != null) {
            net.setTrustOptions(new PemTrustOptions().addCertPath(trustFile));
        }
        RedisOptions options = new RedisOptions()
                .setType(type)
                .setEndpoints(urls)
                .setNetClientOptions(net)
                .setMaxPoolSize(poolSize)
                .setMaxPoolWaiting(queue)
                .setMaxWaitingHandlers(queue * 2);
        if (type == RedisClientType.SENTINEL) {
            options =
                    options.setMasterName(masterName).setRole(RedisRole.MASTER).setAutoFailover(true);
        }
        if (user != null) {
            options = options.setUser(user);
        }
        return password == null ? options : options.setPassword(password);
    }

    @Override
    public String toString() {
        return "RedisSettings[" + type + " with " + urls.size() + " addresses]";
    }

    /** The password has a setting of its own: addresses are printed, in logs and by tools. */
    private static String checked(String url) {
        boolean scheme = url.startsWith("redis://") || url.startsWith("rediss://");
        if (!scheme || url.indexOf('@') >= 0) {
            throw new ConfigError("redis.url must hold redis://host:port or rediss://host:port, without a password");
        }
        return url;
    }

    private static RedisClientType type(String mode) {
        return switch (mode.toLowerCase(Locale.ROOT)) {
            case "single" -> RedisClientType.STANDALONE;
            case "sentinel" -> RedisClientType.SENTINEL;
            case "cluster" -> RedisClientType.CLUSTER;
            default -> throw new ConfigError("redis.mode must be single, sentinel or cluster");
        };
    }
}
