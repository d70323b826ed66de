package com.fyvault.federation;

import com.fyvault.crypto.JwsKey;
import com.fyvault.federation.NotAccepted.Reason;
import com.fyvault.platform.async.SingleFlight;
import com.fyvault.platform.postgres.StoreFailure;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The key sets of issuers in memory, one fetch of a source at a time and at most one a minute, whatever is asked.
 *
 * <p>A set is fresh for as long as the issuer says, but no less than 5 minutes and no more than 24 hours. When it is stale,
 * or a token names a key that is not in it, it is fetched again, unless that was tried in the last minute: so a flood of
 * made-up key names costs the issuer one request a minute. A set that cannot be fetched again is used for 24 hours more.
 */
public final class KeySets {
    private static final Logger LOG = LoggerFactory.getLogger(KeySets.class);
    private static final Duration SHORTEST = Duration.ofMinutes(5);
    private static final Duration LONGEST = Duration.ofHours(24);
    private static final long BETWEEN_FETCHES = Duration.ofMinutes(1).toNanos();
    private static final long STALE_KEPT = Duration.ofHours(24).toNanos();
    /** Sources in memory; more than an installation has issuers. */
    private static final int MOST = 2_000;

    private final KeyFetch fetch;
    private final LongSupplier nanos;
    private final SingleFlight<KeySource, Void> flights;
    private final Cache<KeySource, Slot> slots =
            Caffeine.newBuilder().maximumSize(MOST).build();

    /** What is known of a source. */
    private static final class Slot {
        private volatile @Nullable Held held;
        private long triedAt;
        private boolean tried;

        /** The try was none: it was not even sent. */
        private synchronized void mayTryAgain() {
            tried = false;
        }

        /** True once a minute. */
        private synchronized boolean mayTry(long now) {
            if (tried && now - triedAt < BETWEEN_FETCHES) {
                return false;
            }
            tried = true;
            triedAt = now;
            return true;
        }
    }

    private record Held(KeySet keys, long staleAt) {}

    /** @param nanos a clock that never steps */
    KeySets(Vertx vertx, KeyFetch fetch, LongSupplier nanos) {
        this.fetch = fetch;
        this.nanos = nanos;
        this.flights = new SingleFlight<>(vertx);
    }

    /** Keys as they are asked for over HTTP. */
    public static KeySets over(Vertx vertx, HttpKeyFetch fetch) {
        return new KeySets(vertx, fetch, System::nanoTime);
    }

    /** The key of a source that a token asks for; fails when there is no such key, or no keys at all. */
    Future<JwsKey> find(KeySource source, IdentityToken token) {
        if (source instanceof KeySource.Inline inline) {
            @Nullable KeySet keys = KeySet.parse(StrictJson.object(inline.jwks()));
            return key(keys == null ? null : keys.find(token.keyId(), token.algorithm()));
        }
        Slot slot = slots.get(source, made -> new Slot());
        @Nullable Held held = slot.held;
        if (held != null && nanos.getAsLong() - held.staleAt() < 0) {
            @Nullable JwsKey known = held.keys().find(token.keyId(), token.algorithm());
            if (known != null) {
                return Future.succeededFuture(known);
            }
        }
        return flights.run(source, () -> refreshed(source, slot)).compose(done -> {
            @Nullable Held now = slot.held;
            if (now == null || nanos.getAsLong() - now.staleAt() > STALE_KEPT) {
                return Future.failedFuture(new NotAccepted(Reason.KEYS_UNAVAILABLE));
            }
            return key(now.keys().find(token.keyId(), token.algorithm()));
        });
    }

    private Future<Void> refreshed(KeySource source, Slot slot) {
        if (!slot.mayTry(nanos.getAsLong())) {
            return Future.succeededFuture();
        }
        return fetch.fetch(source)
                .<Void>map(fetched -> {
                    slot.held = new Held(fetched.keys(), nanos.getAsLong() + clamped(fetched.maxAge()));
                    return null;
                })
                .recover(failure -> {
                    // What it had is used on; a token that needs what it has not is refused.
                    if (failure instanceof KeyFetch.NotSent) {
                        slot.mayTryAgain();
                    }
                    LOG.atWarn()
                            .addKeyValue("cause", StoreFailure.describe(failure))
                            .log("keys of an issuer could not be fetched");
                    return Future.succeededFuture();
                });
    }

    private static Future<JwsKey> key(@Nullable JwsKey key) {
        return key == null ? Future.failedFuture(new NotAccepted(Reason.KEY_UNKNOWN)) : Future.succeededFuture(key);
    }

    private static long clamped(Duration age) {
        if (age.compareTo(SHORTEST) < 0) {
            return SHORTEST.toNanos();
        }
        return age.compareTo(LONGEST) > 0 ? LONGEST.toNanos() : age.toNanos();
    }
}
