package com.fyvault.guesses;

import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import java.time.Duration;

/** Where guesses are counted: durable, the same for all nodes, by one clock. */
public interface GuessStore {
    /** So many within any time of this length. */
    record Bound(int most, Duration window) {}

    /**
     * Counts one more guess at the subject, unless that would be one too many. Zero when it was counted, else how long
     * until one more will be.
     */
    Future<Duration> count(byte[] subject, Bound bound);

    /** The same in a transaction: what is rolled back was not counted. Of two at once the second waits for the first. */
    Future<Duration> count(Transaction transaction, byte[] subject, Bound bound);

    /** Forgets what was counted of the subject. */
    Future<Void> forget(byte[] subject);
}
