package com.fyvault.audit;

import com.fyvault.tokens.ClientAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which records need no row of their own. Answers that release nothing may come in floods: a poller's
 * "unchanged" is recorded once a minute for each credential and secret, with a count; refusals of one
 * credential are recorded in full up to a number a minute, then once a second with a count. A folded
 * record is still checked by the statement that it would have been written with. Belongs to one gate.
 *
 * <p>Known: counts not yet written are lost when the process is killed.
 */
final class Folding {
    private static final int FULL_REFUSALS = 100;
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    /** More sources than this at once are recorded in full. */
    private static final int MOST_SOURCES = 10_000;

    private record Source(
            AuditOutcome outcome,
            AuditAction action,
            UUID orgId,
            @Nullable UUID credentialId,
            @Nullable UUID environmentId,
            @Nullable UUID secretId,
            @Nullable ClientAddress address) {

        /** Refusals are counted by who and from where; what is asked for may be guessed without end. Who is unknown has an organization still. */
        static Source of(AuditRecord record) {
            boolean unchanged = record.outcome() == AuditOutcome.UNCHANGED;
            return new Source(
                    record.outcome(),
                    record.action(),
                    record.orgId(),
                    record.credentialId(),
                    unchanged ? record.environmentId() : null,
                    unchanged ? record.secretId() : null,
                    record.address());
        }
    }

    private static final class Count {
        private final long since;
        private final AuditRecord first;
        private long seen;
        private long folded;
        private long writtenAt;

        Count(AuditRecord first, long now) {
            this.first = first;
            this.since = now;
            this.writtenAt = now;
        }
    }

    private final Map<Source, Count> counts = new HashMap<>();

    /** True when the record gets no row: it has been counted. */
    boolean fold(AuditRecord record) {
        boolean unchanged = record.outcome() == AuditOutcome.UNCHANGED;
        if (!unchanged && record.outcome() != AuditOutcome.REFUSED) {
            return false;
        }
        long now = System.nanoTime();
        Source source = Source.of(record);
        @Nullable Count count = counts.get(source);
        if (count == null) {
            if (counts.size() < MOST_SOURCES) {
                count = new Count(record, now);
                count.seen = 1;
                counts.put(source, count);
            }
            return false;
        }
        count.seen++;
        if (!unchanged && count.seen <= FULL_REFUSALS) {
            return false;
        }
        count.folded++;
        return true;
    }

    /** Summary rows that are due; {@code all} takes those that are not yet due as well. */
    List<AuditRecord> due(long now, boolean all) {
        List<AuditRecord> rows = new ArrayList<>();
        Iterator<Map.Entry<Source, Count>> entries = counts.entrySet().iterator();
        while (entries.hasNext()) {
            Map.Entry<Source, Count> entry = entries.next();
            Count count = entry.getValue();
            boolean over = now - count.since >= MINUTE;
            boolean refusal = entry.getKey().outcome() == AuditOutcome.REFUSED;
            boolean due = over || all || (refusal && now - count.writtenAt >= SECOND);
            if (due && count.folded > 0) {
                rows.add(count.first.summary(count.folded));
                count.folded = 0;
                count.writtenAt = now;
            }
            if (over) {
                entries.remove();
            }
        }
        return rows;
    }
}
