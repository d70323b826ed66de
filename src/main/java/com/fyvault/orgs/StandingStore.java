package com.fyvault.orgs;

import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Membership;
import io.vertx.core.Future;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The state of organizations and the roles of their members. Each change raises the auth_epoch, under the organization's row lock. */
public interface StandingStore {
    /** Locks the organization, or takes its lock away. The auth_epoch that it set, or null when there is no such organization. */
    Future<@Nullable Long> setLocked(Transaction transaction, UUID orgId, boolean locked);

    /** The member of this address, locked with the organization; null when there is none. */
    Future<@Nullable Membership> find(Transaction transaction, UUID orgId, String email);

    /** The same by their id. One who was removed is none. */
    Future<@Nullable Membership> find(Transaction transaction, UUID orgId, UUID userId);

    /** Owners of the organization besides this person. */
    Future<Long> otherOwners(Transaction transaction, Membership member);

    /** Writes the role of a member and where it holds. The auth_epoch that it set. */
    Future<Long> set(Transaction transaction, Membership changed);
}
