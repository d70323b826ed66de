package com.fyvault.bootstrap;

import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where organizations and their owners are written. */
public interface OrgWriter {
    /** Adds the organization; the slug that it got. */
    Future<String> add(Transaction transaction, UUID orgId, String name);

    /** Adds the owner, or makes the known account of that address one; the account's id. */
    Future<UUID> addOwner(Transaction transaction, UUID orgId, String email);

    /** Adds the project {@code default} with its three environments; the project's id. */
    Future<UUID> addDefaultProject(Transaction transaction, UUID orgId);

    /** The oldest organization of this database, null for none. Until the commit nobody else is told either. */
    Future<@Nullable UUID> findFirst(Transaction transaction);

    /** The first owner of an organization that exists; null when there is no such organization. */
    Future<@Nullable UUID> findOwner(Transaction transaction, UUID orgId);
}
