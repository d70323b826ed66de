package com.fyvault.leaks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fyvault.crypto.EcdsaKey;
import com.fyvault.federation.HttpKeyFetch;
import com.fyvault.platform.async.SingleFlight;
import com.fyvault.platform.postgres.StoreFailure;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys that reports are signed with, in memory. They are asked for again after an hour, or when a report names one that is
 * not among them, but at most once a minute, whatever is asked: made-up names cost GitHub one request a minute. Keys that
 * cannot be asked for again are used for a day.
 */
final class GithubKeys {
    private static final Logger LOG = LoggerFactory.getLogger(GithubKeys.class);
    private static final long FRESH = Duration.ofHours(1).toNanos();
    private static final long KEPT = Duration.ofHours(24).toNanos();
    private static final long BETWEEN_FETCHES = Duration.ofMinutes(1).toNanos();
    private static final int MOST_KEYS = 64;
    private static final int LONGEST_NAME = 256;

    private final String url;
    private final HttpKeyFetch fetch;
    private final LongSupplier nanos;
    private final SingleFlight<String, Void> flights;
    private volatile @Nullable Held held;
    private boolean tried;
    private long triedAt;

    private record Held(Map<String, EcdsaKey> keys, long since) {}

    /** @param nanos a clock that never steps */
    GithubKeys(Vertx vertx, String url, HttpKeyFetch fetch, LongSupplier nanos) {
        this.url = url;
        this.fetch = fetch;
        this.nanos = nanos;
        this.flights = new SingleFlight<>(vertx);
    }

    /** The key of this name, or null. */
    Future<@Nullable EcdsaKey> find(String name) {
        @Nullable Held now = held;
        if (now != null && nanos.getAsLong() - now.since() < FRESH && now.keys().containsKey(name)) {
            return Future.succeededFuture(now.keys().get(name));
        }
        return flights.run(url, this::refreshed).map(done -> {
            @Nullable Held after = held;
            return after == null || nanos.getAsLong() - after.since() > KEPT
                    ? null
                    : after.keys().get(name);
        });
    }

    private Future<Void> refreshed() {
        if (!mayTry()) {
            return Future.succeededFuture();
        }
        return fetch.document(url)
                .<Void>map(document -> {
                    held = new Held(parse(document), nanos.getAsLong());
                    return null;
                })
                .recover(failure -> {
                    LOG.atWarn()
                            .addKeyValue("cause", StoreFailure.describe(failure))
                            .log("keys for reports of leaks could not be fetched");
                    return Future.succeededFuture();
                });
    }

    private synchronized boolean mayTry() {
        long now = nanos.getAsLong();
        if (tried && now - triedAt < BETWEEN_FETCHES) {
            return false;
        }
        tried = true;
        triedAt = now;
        return true;
    }

    /** What is no key that is used here is left out. */
    private static Map<String, EcdsaKey> parse(ObjectNode document) {
        Map<String, EcdsaKey> keys = new HashMap<>();
        for (JsonNode one : document.path("public_keys")) {
            @Nullable String name = one.path("key_identifier").textValue();
            @Nullable String pem = one.path("key").textValue();
            if (name != null && pem != null && name.length() <= LONGEST_NAME && keys.size() < MOST_KEYS) {
                try {
                    keys.put(name, EcdsaKey.parse(pem));
                } catch (GeneralSecurityException unusable) {
                    LOG.warn("a key for reports of leaks cannot be used");
                }
            }
        }
        return keys;
    }
}
