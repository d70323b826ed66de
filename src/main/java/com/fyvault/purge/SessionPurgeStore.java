package com.fyvault.purge;

import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Session tokens that expired so long ago that nobody asks for them. */
public interface SessionPurgeStore {
    /** An organization that has some; null when none has. */
    Future<@Nullable UUID> due(Duration expired);

    /** Removes up to so many of an organization's; how many. What another node is removing is left to it. */
    Future<Integer> remove(Transaction transaction, UUID orgId, Duration expired, int most);
}
