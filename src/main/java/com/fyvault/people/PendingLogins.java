package com.fyvault.people;

import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Logins whose password was right and whose second factor is awaited. */
public interface PendingLogins {
    /** How long somebody may look for their second factor. */
    Duration LIFE = Duration.ofMinutes(5);

    /** A login that waits. */
    record Pending(UUID userId, boolean cookie) {}

    /** Begins to wait; the token that the second step is to be sent with. */
    Future<String> begin(Transaction transaction, Pending pending);

    /** The login of a token, which still waits; null when it does not. */
    Future<@Nullable Pending> find(String token);

    /** The same, which is over with that: of two who take it, one gets it. */
    Future<@Nullable Pending> take(Transaction transaction, String token);
}
