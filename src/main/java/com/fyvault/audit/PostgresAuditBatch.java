package com.fyvault.audit;

import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Records as the columns of the audit statement, in the order of the rows that they become. An actor or place that was
 * seen among the last few of its row is sent once; one sent twice costs a look-up and nothing else, so the search is short.
 */
final class PostgresAuditBatch {
    private static final int LOOK_BACK = 8;
    private static final short MOVED = 1;
    private static final short EXPIRED = 2;
    private static final short GONE = 2;

    private final List<AuditRecord> came;
    private final BatchOrder order;
    private final List<AuditRecord> records;
    private final List<RowBounds> rows = new ArrayList<>(1);
    private final List<AuditRecord> actors = new ArrayList<>(LOOK_BACK);
    private final List<AuditRecord> places = new ArrayList<>(LOOK_BACK);
    private final Short[] actorAt;
    private final Short[] placeAt;

    PostgresAuditBatch(List<AuditRecord> came) {
        this.came = came;
        this.order = BatchOrder.of(came);
        this.records = order.records();
        this.actorAt = new Short[records.size()];
        this.placeAt = new Short[records.size()];
        int done = 0;
        for (BatchOrder.Stretch stretch : order.stretches()) {
            int actorBase = actors.size();
            int placeBase = places.size();
            point(stretch, actorBase, placeBase);
            rows.add(new RowBounds(stretch, actorBase, actors.size(), placeBase, places.size()));
            done = stretch.to();
        }
        point(new BatchOrder.Stretch(done, records.size()), 0, 0);
    }

    /** Which records, actors and places a row has: from the one after the first number up to the second. */
    private record RowBounds(BatchOrder.Stretch records, int actorBase, int actorEnd, int placeBase, int placeEnd) {}

    private void point(BatchOrder.Stretch stretch, int actorBase, int placeBase) {
        for (int i = stretch.from(); i < stretch.to(); i++) {
            actorAt[i] = position(actors, actorBase, records.get(i), true);
            placeAt[i] = position(places, placeBase, records.get(i), false);
        }
    }

    /** The records in the order in which they came. */
    List<AuditRecord> came() {
        return came;
    }

    /** False when all are folded: then they are checked, and nothing is written. */
    boolean hasRows() {
        return !rows.isEmpty();
    }

    Verdict[] allGood() {
        Verdict[] verdicts = new Verdict[records.size()];
        Arrays.fill(verdicts, Verdict.GOOD);
        return verdicts;
    }

    /** In the order of the statements' parameters. */
    Tuple parameters() {
        int n = records.size();
        UUID[] events = new UUID[n];
        @Nullable UUID[] secrets = new UUID[n];
        Long[] versions = new Long[n];
        Short[] actions = new Short[n];
        Short[] outcomes = new Short[n];
        String @Nullable [] details = null;
        for (int i = 0; i < n; i++) {
            AuditRecord record = records.get(i);
            events[i] = record.eventId();
            secrets[i] = record.secretId();
            versions[i] = record.version();
            actions[i] = record.isFolded() ? 0 : record.action().code();
            outcomes[i] = record.outcome().code();
            if (record.details() != null) {
                details = details == null ? new String[n] : details;
                details[i] = record.details().encode();
            }
        }
        Tuple parameters = Tuple.tuple();
        addActors(parameters);
        addPlaces(parameters);
        Tuple _ = parameters
                .addArrayOfUUID(events)
                .addArrayOfShort(placeAt)
                .addArrayOfUUID(secrets)
                .addArrayOfLong(versions)
                .addArrayOfShort(actions)
                .addArrayOfShort(outcomes)
                .addArrayOfShort(actorAt)
                .addArrayOfString(details);
        addRows(parameters);
        return parameters;
    }

    /**
     * The verdict of each record, in the order in which they came.
     *
     * @param changed the records, from 1, whose own value has changed in a place where some value has
     */
    Verdict[] verdicts(Short[] actorStates, Short[] placeStates, Short[] changed) {
        Verdict[] verdicts = new Verdict[records.size()];
        for (int i = 0; i < verdicts.length; i++) {
            verdicts[order.origin(i)] = verdict(actorStates[actorAt[i] - 1], placeStates[placeAt[i] - 1]);
        }
        for (Short moved : changed) {
            int i = order.origin(moved - 1);
            verdicts[i] = verdicts[i] == Verdict.AUTHORITY_MOVED ? verdicts[i] : Verdict.ENVIRONMENT_MOVED;
        }
        return verdicts;
    }

    private static Verdict verdict(short actor, short place) {
        if (actor == MOVED) {
            return Verdict.AUTHORITY_MOVED;
        }
        if (place == GONE) {
            return Verdict.ENVIRONMENT_MOVED;
        }
        if (actor == EXPIRED) {
            return Verdict.EXPIRED;
        }
        return place == MOVED ? Verdict.BEHIND : Verdict.GOOD;
    }

    private void addActors(Tuple parameters) {
        int n = actors.size();
        UUID[] orgs = new UUID[n];
        Long[] epochs = new Long[n];
        Long[] expiries = new Long[n];
        @Nullable UUID[] credentials = new UUID[n];
        @Nullable Buffer[] addresses = new Buffer[n];
        for (int i = 0; i < n; i++) {
            AuditRecord actor = actors.get(i);
            orgs[i] = actor.orgId();
            epochs[i] = actor.epoch();
            expiries[i] = actor.expiresAtMicros();
            credentials[i] = actor.credentialId();
            addresses[i] = actor.address() == null
                    ? null
                    : Buffer.buffer(actor.address().bytes());
        }
        Tuple _ = parameters
                .addArrayOfUUID(orgs)
                .addArrayOfLong(epochs)
                .addArrayOfLong(expiries)
                .addArrayOfUUID(credentials)
                .addArrayOfBuffer(addresses);
    }

    private void addPlaces(Tuple parameters) {
        int n = places.size();
        UUID[] orgs = new UUID[n];
        @Nullable UUID[] environments = new UUID[n];
        Long[] versions = new Long[n];
        for (int i = 0; i < n; i++) {
            AuditRecord place = places.get(i);
            orgs[i] = place.orgId();
            environments[i] = place.environmentId();
            versions[i] = place.environmentVersion();
        }
        Tuple _ = parameters.addArrayOfUUID(orgs).addArrayOfUUID(environments).addArrayOfLong(versions);
    }

    private void addRows(Tuple parameters) {
        int n = rows.size();
        UUID[] orgs = new UUID[n];
        UUID[] firsts = new UUID[n];
        UUID[] lasts = new UUID[n];
        Short[][] bounds = new Short[6][n];
        for (int i = 0; i < n; i++) {
            RowBounds row = rows.get(i);
            List<AuditRecord> in =
                    records.subList(row.records().from(), row.records().to());
            orgs[i] = in.get(0).orgId();
            firsts[i] = in.get(0).eventId();
            lasts[i] = firsts[i];
            for (AuditRecord record : in) {
                firsts[i] = isBefore(record.eventId(), firsts[i]) ? record.eventId() : firsts[i];
                lasts[i] = isBefore(lasts[i], record.eventId()) ? record.eventId() : lasts[i];
            }
            bounds[0][i] = (short) (row.records().from() + 1);
            bounds[1][i] = (short) row.records().to();
            bounds[2][i] = (short) (row.actorBase() + 1);
            bounds[3][i] = (short) row.actorEnd();
            bounds[4][i] = (short) (row.placeBase() + 1);
            bounds[5][i] = (short) row.placeEnd();
        }
        Tuple _ = parameters.addArrayOfUUID(orgs).addArrayOfUUID(firsts).addArrayOfUUID(lasts);
        for (Short[] bound : bounds) {
            Tuple _ = parameters.addArrayOfShort(bound);
        }
    }

    /** As PostgreSQL compares ids, byte by byte; UUID.compareTo takes the halves as signed numbers. */
    private static boolean isBefore(UUID a, UUID b) {
        int most = Long.compareUnsigned(a.getMostSignificantBits(), b.getMostSignificantBits());
        return most < 0
                || (most == 0 && Long.compareUnsigned(a.getLeastSignificantBits(), b.getLeastSignificantBits()) < 0);
    }

    /** From 1, as PostgreSQL counts; nothing before the base is looked at. */
    private static Short position(List<AuditRecord> seen, int base, AuditRecord record, boolean asActor) {
        int from = Math.max(base, seen.size() - LOOK_BACK);
        for (int i = seen.size() - 1; i >= from; i--) {
            AuditRecord other = seen.get(i);
            if (asActor ? sameActor(other, record) : samePlace(other, record)) {
                return (short) (i + 1);
            }
        }
        seen.add(record);
        return (short) seen.size();
    }

    private static boolean sameActor(AuditRecord a, AuditRecord b) {
        return a.epoch() == b.epoch()
                && a.expiresAtMicros() == b.expiresAtMicros()
                && Objects.equals(a.credentialId(), b.credentialId())
                && Objects.equals(a.address(), b.address())
                && a.orgId().equals(b.orgId());
    }

    private static boolean samePlace(AuditRecord a, AuditRecord b) {
        return a.environmentVersion() == b.environmentVersion()
                && Objects.equals(a.environmentId(), b.environmentId())
                && a.orgId().equals(b.orgId());
    }
}
