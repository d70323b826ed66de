package com.fyvault.members;

import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where the members of an organization are read. What they may do is written by {@link com.fyvault.orgs.Standings}. */
interface MemberStore {
    /** Members in the order of their ids, after this one. */
    Future<List<Member>> list(UUID orgId, @Nullable UUID after, int limit);

    /** The member, or null; who was removed is none. */
    Future<@Nullable Member> find(UUID orgId, UUID userId);

    /** The same as the transaction sees it. */
    Future<@Nullable Member> find(Transaction transaction, UUID orgId, UUID userId);

    /** Takes a member off the list and out of every team. Their row stays. */
    Future<Void> remove(Transaction transaction, UUID orgId, UUID userId);
}
