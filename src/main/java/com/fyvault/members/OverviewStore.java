package com.fyvault.members;

import io.vertx.core.Future;
import java.util.List;
import java.util.UUID;

/** Where the figures of an organization are counted: each over so many rows at most. */
interface OverviewStore {
    /** Keys that are counted. */
    int MOST_KEYS = 10_000;

    /** Secrets that are counted. */
    int MOST_SECRETS = 100_000;

    /** A project and how many secrets are in it. */
    record InProject(UUID projectId, String name, long secrets) {}

    /**
     * How many there are.
     *
     * @param keys API keys that live; more than {@link #MOST_KEYS} when there are more, and the others are of those counted
     * @param expiring those that expire within 30 days
     * @param unused those that nobody has used for 90 days
     */
    record Figures(long keys, long expiring, long unused, long members, long invitations) {}

    Future<Figures> figures(UUID orgId);

    /** Projects by name. Where there are more secrets than are counted, the last projects have too few. */
    Future<List<InProject>> projects(UUID orgId);
}
