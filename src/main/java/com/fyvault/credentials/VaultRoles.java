package com.fyvault.credentials;

import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Reach;
import io.vertx.core.Future;
import java.util.UUID;

/** What a person is in the projects of an organization, which the clients call vaults. */
@FunctionalInterface
public interface VaultRoles {
    /**
     * True when the person is a developer or more in every project that a key of this reach sees. A reach that names no
     * project and no environment sees them all, and those that come later.
     */
    Future<Boolean> develops(Transaction transaction, UUID orgId, UUID userId, Reach reach);
}
