package com.fyvault.advice;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where advice is found. */
interface AdviceStore {
    /** Items of a page. */
    int MOST_LISTED = 200;

    /**
     * What somebody may see.
     *
     * @param all kinds of tokens of which every one is seen
     * @param own kinds of which those are seen that the person owns, or that are or hang on the credential
     * @param userId the person; null for a token
     * @param projects of secrets; null for all
     * @param environments of secrets; null for all
     * @param webhooks whether webhooks are seen
     */
    record View(
            UUID orgId,
            Set<String> all,
            Set<String> own,
            @Nullable UUID userId,
            UUID credentialId,
            @Nullable Set<UUID> projects,
            @Nullable Set<UUID> environments,
            boolean production,
            boolean webhooks) {}

    /**
     * A page of the list.
     *
     * @param asOf the moment that the list is of; null for now
     * @param after where the page before has ended; null for the first one
     */
    record Page(@Nullable Instant asOf, Advice.@Nullable Place after, int limit) {}

    /**
     * What was found, the most urgent first.
     *
     * @param more whether the list goes on
     */
    record Found(List<Advice> advice, Instant asOf, boolean more) {}

    Future<Found> find(View view, Page page);
}
