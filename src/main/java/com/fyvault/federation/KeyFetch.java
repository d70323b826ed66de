package com.fyvault.federation;

import io.vertx.core.Future;
import java.time.Duration;

/** Asks an issuer for its keys. */
interface KeyFetch {
    /**
     * Keys as the issuer has them now.
     *
     * @param maxAge how long it says they may be kept
     */
    record Fetched(KeySet keys, Duration maxAge) {}

    /** The issuer was not asked: too many others are being asked. */
    final class NotSent extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NotSent() {
            super("too many issuers are being asked", null, false, false);
        }
    }

    /** The keys of a source that is not inline; fails for whatever reason there are none. */
    Future<Fetched> fetch(KeySource source);
}
