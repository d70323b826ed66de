package com.fyvault.audit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * In which order a batch is sent, and which stretches of it become rows: one organization each, and ids whose times are at
 * most a second apart, so that a walk by id knows how far a row can reach. Folded records come last and are in no stretch.
 * Mostly a batch is one stretch as it came, and nothing is moved.
 */
final class BatchOrder {
    private final List<AuditRecord> records;
    private final int[] origin;
    private final List<Stretch> stretches;

    /** Records from one position up to, and without, another. */
    record Stretch(int from, int to) {}

    private BatchOrder(List<AuditRecord> records, int[] origin, List<Stretch> stretches) {
        this.records = records;
        this.origin = origin;
        this.stretches = stretches;
    }

    static BatchOrder of(List<AuditRecord> came) {
        if (isOneStretch(came)) {
            return new BatchOrder(came, new int[0], List.of(new Stretch(0, came.size())));
        }
        Comparator<Integer> order = Comparator.<Integer, Boolean>comparing(
                        i -> came.get(i).isFolded())
                .thenComparing(i -> came.get(i).orgId())
                .thenComparingLong(i -> millis(came.get(i).eventId()));
        int[] origin = IntStream.range(0, came.size())
                .boxed()
                .sorted(order)
                .mapToInt(Integer::intValue)
                .toArray();
        List<AuditRecord> records = IntStream.of(origin).mapToObj(came::get).toList();
        return new BatchOrder(records, origin, stretches(records));
    }

    List<AuditRecord> records() {
        return records;
    }

    List<Stretch> stretches() {
        return stretches;
    }

    /** Where a record stood when it came. */
    int origin(int position) {
        return origin.length == 0 ? position : origin[position];
    }

    private static boolean isOneStretch(List<AuditRecord> records) {
        AuditRecord first = records.get(0);
        long least = millis(first.eventId());
        long greatest = least;
        for (AuditRecord record : records) {
            if (record.isFolded() || !record.orgId().equals(first.orgId())) {
                return false;
            }
            long millis = millis(record.eventId());
            least = Math.min(least, millis);
            greatest = Math.max(greatest, millis);
        }
        return greatest - least <= AuditLog.ROW_SPAN_MILLIS;
    }

    private static List<Stretch> stretches(List<AuditRecord> records) {
        List<Stretch> stretches = new ArrayList<>();
        int from = 0;
        for (int i = 1; i <= records.size(); i++) {
            if (i == records.size() || !together(records.get(from), records.get(i))) {
                if (!records.get(from).isFolded()) {
                    stretches.add(new Stretch(from, i));
                }
                from = i;
            }
        }
        return stretches;
    }

    private static boolean together(AuditRecord first, AuditRecord next) {
        return first.isFolded() == next.isFolded()
                && first.orgId().equals(next.orgId())
                && millis(next.eventId()) - millis(first.eventId()) <= AuditLog.ROW_SPAN_MILLIS;
    }

    /** The time that a UUID of version 7 begins with. */
    private static long millis(UUID id) {
        return id.getMostSignificantBits() >>> 16;
    }
}
