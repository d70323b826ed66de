package com.fyvault.api;

import com.fyvault.audit.AuditLog;
import com.fyvault.crypto.RowSeal;
import com.fyvault.limits.Limits;
import com.fyvault.platform.postgres.Database;
import com.fyvault.tokens.Authority;
import com.fyvault.tokens.Tombstones;
import com.fyvault.uses.Uses;

/** Makes the API handler of an event loop from the parts that all loops share. */
public final class ApiHandlers {
    private final Authority authority;
    private final Tombstones tombstones;
    private final Limits limits;
    private final ApiHandler.Doors doors;
    private final Changes changes;

    /** What a change needs besides its work; the fingerprints are keyed apart from every other seal. */
    public record ChangeParts(
            Database database, AuditLog audit, Idempotency idempotency, RowSeal fingerprints, Uses uses) {}

    public ApiHandlers(
            Authority authority, Tombstones tombstones, Limits limits, ApiHandler.Doors doors, ChangeParts parts) {
        this.authority = authority;
        this.limits = limits;
        this.doors = doors;
        this.tombstones = tombstones;
        this.changes =
                new Changes(parts.database(), parts.audit(), parts.idempotency(), parts.fingerprints(), parts.uses());
    }

    public ApiHandler handler(Routes routes, ApiHandler.Edge edge) {
        return new ApiHandler(
                new RouteTree(routes.endpoints()),
                new ApiHandler.Trust(authority, tombstones, limits, doors),
                changes,
                edge);
    }
}
