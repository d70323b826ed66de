package com.fyvault.members;

import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Policy;
import io.vertx.core.Future;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where it is written what an organization asks of its tokens. It is read with every decision. */
interface PolicyStore {
    /** Writes it, under the organization's row. The auth_epoch that it set, or null when there is no such organization. */
    Future<@Nullable Long> set(Transaction transaction, UUID orgId, Policy policy);
}
