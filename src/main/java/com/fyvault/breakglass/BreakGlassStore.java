package com.fyvault.breakglass;

import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Where break-glass tokens have their reasons, and who is in charge of an organization. */
public interface BreakGlassStore {
    /** An owner or admin of the organization. */
    record Administrator(UUID userId, String email) {}

    /** Those in charge, how many break-glass tokens are alive, and database time. */
    record Scene(List<Administrator> administrators, long open, Instant now) {}

    /** The most owners and admins that are told. */
    int MOST_ADMINISTRATORS = 1_000;

    Future<Scene> scene(Transaction transaction, UUID orgId);

    Future<Void> add(Transaction transaction, BreakGlass opened);

    /** Those of the credentials that are break-glass tokens, by id. */
    Future<Map<UUID, BreakGlass>> find(UUID orgId, Collection<UUID> credentialIds);
}
