package com.fyvault.credentials;

import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a person or a team owns, all of it at once. Sessions and logins are not counted: they end, or go along, with what
 * they were minted from. The epoch is not raised here: whoever changes the owner's row raises it, and that cuts everything
 * they own with one entry.
 */
public interface OwnedKeys {
    /** A person or a team of an organization; one of the two ids is null. */
    record Owner(
            UUID orgId, @Nullable UUID userId, @Nullable UUID teamId) {
        public static Owner person(UUID orgId, UUID userId) {
            return new Owner(orgId, userId, null);
        }

        public static Owner team(UUID orgId, UUID teamId) {
            return new Owner(orgId, null, teamId);
        }
    }

    /** Ends everything that the owner has and that still lives; how many. */
    Future<Integer> end(Transaction transaction, Owner owner, String actor, Instant now);

    /** Gives what the owner has to another; how many. Break-glass tokens stay, they are for one person. */
    Future<Integer> hand(Transaction transaction, Owner from, Owner to);

    /** The same with these keys and the keys that descend from them; refused when one of those named is not there. */
    Future<Integer> hand(Transaction transaction, Owner from, Owner to, Set<UUID> keys);
}
