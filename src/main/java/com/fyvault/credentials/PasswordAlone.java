package com.fyvault.credentials;

import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.UUID;

/**
 * People who have a password and no second factor, and what is theirs in an organization because they logged in: the
 * credentials of their logins, and the agents, devices, providers, trust rules and break-glass tokens that these have made.
 * API keys are not of it, since they asked for a factor when they were made.
 */
public interface PasswordAlone {
    /** True when the person has no second factor. */
    Future<Boolean> isAll(Transaction transaction, UUID userId);

    /**
     * Ends it, for every such person, under the organization's row; what descends from it is over with it. The logins go on, and
     * enter again when the organization lets them. The epoch is not raised here: whoever wants this changes what the
     * organization asks, which cuts every token of it.
     *
     * @return how many have ended, with their descendants, besides the logins' own
     */
    Future<Integer> end(Transaction transaction, UUID orgId, String actor, Instant now);
}
