package com.fyvault.audit;

import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Records as the columns of the audit statement. An actor or place that was seen among the last few
 * is sent once; one sent twice costs a look-up and nothing else, so the search is short.
 */
final class PostgresAuditBatch {
    private static final int LOOK_BACK = 8;
    private static final short MOVED = 1;
    private static final short EXPIRED = 2;
    private static final short GONE = 2;

    private final List<AuditRecord> records;
    private final List<AuditRecord> actors = new ArrayList<>(LOOK_BACK);
    private final List<AuditRecord> places = new ArrayList<>(LOOK_BACK);
    private final Short[] actorAt;
    private final Short[] placeAt;

    PostgresAuditBatch(List<AuditRecord> records) {
        this.records = records;
        this.actorAt = new Short[records.size()];
        this.placeAt = new Short[records.size()];
        for (int i = 0; i < actorAt.length; i++) {
            actorAt[i] = position(actors, records.get(i), true);
            placeAt[i] = position(places, records.get(i), false);
        }
    }

    /** In the order of the statement's parameters. */
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
        return parameters
                .addArrayOfUUID(events)
                .addArrayOfShort(placeAt)
                .addArrayOfUUID(secrets)
                .addArrayOfLong(versions)
                .addArrayOfShort(actions)
                .addArrayOfShort(outcomes)
                .addArrayOfShort(actorAt)
                .addArrayOfString(details);
    }

    /**
     * The verdict of each record.
     *
     * @param changed the records, from 1, whose own value has changed in a place where some value has
     */
    Verdict[] verdicts(Short[] actorStates, Short[] placeStates, Short[] changed) {
        Verdict[] verdicts = new Verdict[records.size()];
        for (int i = 0; i < verdicts.length; i++) {
            short actor = actorStates[actorAt[i] - 1];
            if (actor == MOVED) {
                verdicts[i] = Verdict.AUTHORITY_MOVED;
            } else if (placeStates[placeAt[i] - 1] == GONE) {
                verdicts[i] = Verdict.ENVIRONMENT_MOVED;
            } else if (actor == EXPIRED) {
                verdicts[i] = Verdict.EXPIRED;
            } else {
                verdicts[i] = placeStates[placeAt[i] - 1] == MOVED ? Verdict.BEHIND : Verdict.GOOD;
            }
        }
        for (Short moved : changed) {
            int i = moved - 1;
            verdicts[i] = verdicts[i] == Verdict.AUTHORITY_MOVED ? verdicts[i] : Verdict.ENVIRONMENT_MOVED;
        }
        return verdicts;
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

    /** From 1, as PostgreSQL counts. */
    private static Short position(List<AuditRecord> seen, AuditRecord record, boolean asActor) {
        int from = Math.max(0, seen.size() - LOOK_BACK);
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
