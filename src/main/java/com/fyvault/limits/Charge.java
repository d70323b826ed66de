package com.fyvault.limits;

import io.netty.util.AsciiString;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What one request was charged with. It is paid once, unless the request is decided anew on another authority. */
public final class Charge {
    /** Of a request that no limit concerns. */
    public static final Charge FREE = new Charge(null, "", "");

    /** Of a request that has not been charged yet. */
    public static final Charge UNPAID = new Charge(null, "", "");

    static final CharSequence LIMIT = HttpHeaders.createOptimized("ratelimit");
    static final CharSequence POLICY = HttpHeaders.createOptimized("ratelimit-policy");
    private static final int UNCHANGED = 304;
    private static final int NOT_FOUND = 404;
    private static final int OUR_FAULT = 500;

    private final @Nullable Lease lease;
    private final CharSequence policy;
    private final String tightest;
    private boolean closed;

    Charge(@Nullable Lease lease, CharSequence policy, String tightest) {
        this.lease = lease;
        this.policy = policy;
        this.tightest = tightest;
    }

    /** True when the request has been charged, or no limit concerns it. */
    @SuppressWarnings("ReferenceEquality")
    public boolean isPaid() {
        return this != UNPAID;
    }

    /** Gives it back, because what it was charged by is no longer what the request is decided on. */
    public Charge takenBack() {
        if (lease != null && !closed) {
            lease.putBack();
        }
        return UNPAID;
    }

    /** The share that it was taken from, or null when no limit concerns it. */
    @Nullable
    Lease lease() {
        return lease;
    }

    /** Says in the answer's headers what is left. */
    public void tell(MultiMap headers) {
        if (lease != null) {
            long now = System.nanoTime();
            Grant grant = lease.grant();
            headers.set(POLICY, policy)
                    .set(LIMIT, limit(tightest, grant.left() + lease.left(), seconds(grant.resetNanos() - now)));
        }
    }

    /** The same for the answer to a read, which costs nothing when it told no value: 304, 404 and what was our fault. */
    public void close(HttpServerRequest request, int status) {
        if (lease == null || closed) {
            return;
        }
        closed = true;
        if (status == UNCHANGED || status == NOT_FOUND || status >= OUR_FAULT) {
            lease.putBack();
        }
        if (!request.response().headWritten()) {
            tell(request.response().headers());
        }
    }

    /** The value of RateLimit: what is left of the tightest policy, and the seconds until it is whole again. */
    static CharSequence limit(String policy, long left, long seconds) {
        // Told with each answer: bytes are written as they are, the characters of a String one by one.
        return new AsciiString("\"" + policy + "\";r=" + left + ";t=" + seconds);
    }

    /** Rounded up, and at least 1: who comes back then finds a new window. */
    static long seconds(long nanos) {
        return Math.max(1, (nanos + TimeUnit.SECONDS.toNanos(1) - 1) / TimeUnit.SECONDS.toNanos(1));
    }
}
