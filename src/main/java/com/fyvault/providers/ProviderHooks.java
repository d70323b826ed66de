package com.fyvault.providers;

import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import java.util.UUID;

/** Where providers are told of what is their own. */
public interface ProviderHooks {
    /** An address that has been checked, and who named it. */
    record Address(String url, String by) {}

    /** Tells the provider there from now on; signed with the provider's own secret. */
    Future<Void> put(Transaction transaction, UUID orgId, UUID providerId, Address address);

    Future<Void> remove(Transaction transaction, UUID orgId, UUID providerId);
}
