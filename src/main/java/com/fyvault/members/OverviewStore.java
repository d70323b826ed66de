package com.fyvault.members;

import io.vertx.core.Future;
import java.time.Instant;
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

    /** Batches of the audit trail, and records in them, that are looked at for the reads of a day: the newest ones. */
    int MOST_BATCHES = 20_000;

    int MOST_RECORDS = 100_000;

    /**
     * Values that were read since the day began.
     *
     * @param since the beginning of the day, UTC, by the clock of the database
     * @param complete false when there is more in the day than is looked at
     */
    record Reads(long count, Instant since, boolean complete) {}

    Future<Reads> readsToday(UUID orgId);

    /** Projects by name. Where there are more secrets than are counted, the last projects have too few. */
    Future<List<InProject>> projects(UUID orgId);
}
