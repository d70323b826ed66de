package com.fyvault.platform.config;

import java.time.Duration;

/**
 * The listener.
 *
 * @param port 0 picks a free one
 * @param managementPort health and metrics; 0 picks a free one
 * @param eventLoops HTTP event loops; each has its own audit connection
 * @param idleTimeout a connection without traffic is closed after this
 * @param headTimeout a connection whose first request has no whole head after this is closed
 * @param maxBodyBytes larger bodies are 413
 * @param bodyMemoryBytes all bodies that the node holds together; one more is refused
 * @param proxyDepth how many proxies in front append to X-Forwarded-For; 0 takes the socket's address
 */
public record HttpSettings(
        String host,
        int port,
        String managementHost,
        int managementPort,
        int eventLoops,
        Duration idleTimeout,
        Duration headTimeout,
        int maxHeaderBytes,
        int maxRequestLineBytes,
        int maxBodyBytes,
        int bodyMemoryBytes,
        Duration bodyTimeout,
        int maxConnections,
        int proxyDepth) {

    public static HttpSettings from(Config config) {
        int cores = Runtime.getRuntime().availableProcessors();
        return new HttpSettings(
                config.text("http.host", "127.0.0.1"),
                config.number("http.port", 8200, 0, 65_535),
                config.text("management.host", "127.0.0.1"),
                config.number("management.port", 8201, 0, 65_535),
                config.number("http.event.loops", Math.max(1, cores / 2), 1, 256),
                config.millis("http.idle.timeout.millis", 75_000, 1_000, 3_600_000),
                config.millis("http.head.timeout.millis", 10_000, 100, 120_000),
                config.number("http.max.header.bytes", 16_384, 1_024, 65_536),
                config.number("http.max.request.line.bytes", 4_096, 512, 65_536),
                config.number("http.max.body.bytes", 8 * 1024 * 1024, 1_024, 64 * 1024 * 1024),
                config.number("http.body.memory.bytes", 64 * 1024 * 1024, 65_536, 1024 * 1024 * 1024),
                config.millis("http.body.timeout.millis", 10_000, 100, 120_000),
                config.number("http.max.connections", 10_000, 1, 1_000_000),
                config.number("http.proxy.depth", 0, 0, 8));
    }
}
