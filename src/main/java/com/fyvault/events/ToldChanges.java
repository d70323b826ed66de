package com.fyvault.events;

import com.fyvault.api.Ids;
import com.fyvault.audit.AuditAction;
import com.fyvault.audit.AuditLog;
import com.fyvault.audit.AuditOutcome;
import com.fyvault.audit.AuditRecord;
import com.fyvault.audit.Verdict;
import com.fyvault.crypto.Uuid7;
import com.fyvault.platform.postgres.Transaction;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The log of changes, which tells of them: with the record of a change goes its event, in the same transaction. Both
 * statements leave at once, so that the event costs a change no round trip.
 */
public final class ToldChanges implements AuditLog {
    private static final int LONGEST_DATA = 2_048;
    /** What an event repeats of a record's details: ids, names of places, roles. No address of a person and nobody's words. */
    private static final List<String> TOLD = List.of(
            "user_id",
            "team_id",
            "invitation_id",
            "rule_id",
            "provider_id",
            "former_provider_id",
            "handed_over",
            "webhook_id",
            "leak_id",
            "paused",
            "name",
            "role",
            "from",
            "to",
            "to_team",
            "expires_at");

    private static final Set<AuditAction> BY_PROVIDERS =
            EnumSet.of(AuditAction.PROVIDER_PUSH, AuditAction.PROVIDER_ROTATE, AuditAction.PROVIDER_WITHDRAW);

    private final AuditLog log;
    private final EventStore store;
    private final EventBell bell;
    private final Uuid7 ids;

    public ToldChanges(AuditLog log, EventStore store, EventBell bell, Uuid7 ids) {
        this.log = log;
        this.store = store;
        this.bell = bell;
        this.ids = ids;
    }

    @Override
    public Future<Verdict> confirm(Transaction transaction, AuditRecord record, boolean exclusive) {
        return log.confirm(transaction, record, exclusive);
    }

    @Override
    public Future<Void> append(Transaction transaction, AuditRecord record) {
        Future<Void> recorded = log.append(transaction, record);
        @Nullable EventType type = told(record);
        if (type == null) {
            return recorded;
        }
        Future<Void> told = store.add(transaction, draft(record, type));
        transaction.onCommit(() -> bell.ring(record.orgId()));
        return Future.join(recorded, told).mapEmpty();
    }

    @Override
    public Future<Void> appendAll(Transaction transaction, List<AuditRecord> records) {
        return told(transaction, records, log.appendAll(transaction, records));
    }

    @Override
    public Future<Void> appendEach(Transaction transaction, List<AuditRecord> records) {
        return told(transaction, records, log.appendEach(transaction, records));
    }

    private Future<Void> told(Transaction transaction, List<AuditRecord> records, Future<Void> recorded) {
        List<EventStore.Draft> drafts = new ArrayList<>();
        for (AuditRecord record : records) {
            @Nullable EventType type = told(record);
            if (type != null) {
                drafts.add(draft(record, type));
            }
        }
        if (drafts.isEmpty()) {
            return recorded;
        }
        Future<Void> told = store.addAll(transaction, drafts);
        transaction.onCommit(() -> bell.ring(drafts.get(0).orgId()));
        return Future.join(recorded, told).mapEmpty();
    }

    /** Null for what nobody is told of: no change, no success, or the frame of several changes with records of their own. */
    private static @Nullable EventType told(AuditRecord record) {
        @Nullable EventType type = EventType.of(record.action());
        if (type == null || record.outcome() != AuditOutcome.DONE) {
            return null;
        }
        boolean nothing = record.secretId() == null || record.version() == 0;
        if (record.action() == AuditAction.PROVIDER_WITHDRAW && nothing) {
            return null;
        }
        boolean first = record.action() == AuditAction.PROVIDER_PUSH && record.version() == 1;
        return first ? EventType.SECRET_CREATED : type;
    }

    private EventStore.Draft draft(AuditRecord record, EventType type) {
        JsonObject details = record.details() == null ? new JsonObject() : record.details();
        JsonObject data = new JsonObject().put("requestId", record.eventId().toString());
        if (record.version() > 0) {
            data.put("version", record.version());
        }
        if (BY_PROVIDERS.contains(record.action())) {
            data.put("by_provider", true);
        }
        for (String field : TOLD) {
            if (details.containsKey(field) && !"".equals(details.getValue(field))) {
                data.put(field, details.getValue(field));
            }
        }
        String text = data.encode();
        @Nullable UUID secret = record.secretId() == null ? id(details, "secret_id") : record.secretId();
        return new EventStore.Draft(
                record.orgId(),
                ids.next(),
                type,
                id(details, "project"),
                record.environmentId(),
                secret,
                id(details, "token_id"),
                record.credentialId(),
                text.length() <= LONGEST_DATA ? text : "{}");
    }

    private static @Nullable UUID id(JsonObject details, String field) {
        return details.getValue(field) instanceof String text ? Ids.parse(text) : null;
    }
}
