package com.fyvault.environments;

import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Finds what a request means by a project and an environment. Unknown ones are refused with 404. */
public interface PlaceStore {
    /**
     * What a request names.
     *
     * @param project lower-case name or id; null for the default project
     * @param environment lower-case name or id; null for the default environment
     */
    record Reference(
            UUID orgId, @Nullable String project, @Nullable String environment) {}

    /** The environment, for reading. */
    Future<Place> find(Reference reference);

    /** The same on the transaction's own connection: a second one could be waited for in vain. */
    Future<Place> find(Transaction transaction, Reference reference);

    /** The environment with its version raised and its row locked: the one way to change a value in it. */
    Future<Place> change(Transaction transaction, Reference reference);

    /** The project of a reference, for reading. */
    Future<UUID> project(Reference reference);
}
