package com.fyvault.credentials;

import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Teams as owners of keys. */
public interface KeyTeams {
    /** Where a person is, seen from a team: there is none, they are not in it, they are. */
    enum Place {
        ABSENT,
        OUTSIDE,
        INSIDE
    }

    /** Where the person is, if it is one; a team that was deleted is absent. */
    Future<Place> place(UUID orgId, UUID teamId, @Nullable UUID userId);

    /** The same as the transaction sees it. */
    Future<Place> place(Transaction transaction, UUID orgId, UUID teamId, @Nullable UUID userId);
}
