package com.fyvault.audit;

import com.fyvault.platform.CanIgnoreReturnValue;
import com.fyvault.tokens.ClientAddress;
import com.fyvault.tokens.Decision;
import com.fyvault.uses.Uses;
import io.vertx.core.json.JsonObject;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One record: who did what to which secret, from where, and with which authority. The authority
 * fields are not stored; the statement that stores the record compares them with the truth. One
 * request fills one record; it is confined to that request's event loop.
 */
public final class AuditRecord {
    private final UUID eventId;
    private final AuditAction action;
    private AuditOutcome outcome = AuditOutcome.DONE;
    private UUID orgId = new UUID(0, 0);
    private @Nullable UUID credentialId;
    private @Nullable UUID environmentId;
    private @Nullable UUID secretId;
    private long version;
    private @Nullable ClientAddress address;
    private @Nullable JsonObject details;

    private boolean folded;
    private long epoch;
    private long expiresAtMicros = Long.MAX_VALUE;
    private long environmentVersion;
    private long confirmedAtMicros;

    /** @param eventId the request's id, a UUID of version 7 */
    public AuditRecord(UUID eventId, AuditAction action) {
        this.eventId = eventId;
        this.action = action;
    }

    /** Names the actor, and has the decision compared with the organization's epoch and the database's clock. */
    @CanIgnoreReturnValue
    public AuditRecord decidedBy(Decision decision, long epochOfDecision) {
        actor(decision);
        this.epoch = epochOfDecision;
        this.expiresAtMicros = decision.expiresAtMicros();
        return this;
    }

    /** Names the actor without a check: for refusals, which release nothing. */
    @CanIgnoreReturnValue
    public AuditRecord actor(Decision decision) {
        this.orgId = decision.orgId();
        this.credentialId = decision.credentialId();
        this.epoch = 0;
        this.expiresAtMicros = Long.MAX_VALUE;
        this.environmentVersion = 0;
        return this;
    }

    /** Names nobody: the server itself did it. */
    @CanIgnoreReturnValue
    public AuditRecord bySystem(UUID org) {
        this.orgId = org;
        return this;
    }

    @CanIgnoreReturnValue
    public AuditRecord from(@Nullable ClientAddress client) {
        this.address = client;
        return this;
    }

    /** Names the environment, and has its version compared with the truth. */
    @CanIgnoreReturnValue
    public AuditRecord readAt(UUID environment, long versionOfEnvironment) {
        this.environmentId = environment;
        this.environmentVersion = versionOfEnvironment;
        return this;
    }

    /** Names the environment without a check. */
    @CanIgnoreReturnValue
    public AuditRecord environment(@Nullable UUID environment) {
        this.environmentId = environment;
        return this;
    }

    @CanIgnoreReturnValue
    public AuditRecord secret(@Nullable UUID secret, long versionOfSecret) {
        this.secretId = secret;
        this.version = versionOfSecret;
        return this;
    }

    @CanIgnoreReturnValue
    public AuditRecord outcome(AuditOutcome how) {
        this.outcome = how;
        return this;
    }

    /** Marks an answer that says only that the caller has it already. */
    @CanIgnoreReturnValue
    public AuditRecord unchanged(boolean unchanged) {
        return unchanged ? outcome(AuditOutcome.UNCHANGED) : this;
    }

    /** Adds an allowlisted field: ids, names, counts; never a value or a token. */
    @CanIgnoreReturnValue
    public AuditRecord detail(String field, Object value) {
        if (details == null) {
            details = new JsonObject();
        }
        details.put(field, value);
        return this;
    }

    /** The row that stands for records like this one which got none of their own. */
    AuditRecord summary(long count) {
        AuditRecord row = new AuditRecord(eventId, action);
        row.orgId = orgId;
        row.credentialId = credentialId;
        row.environmentId = environmentId;
        row.secretId = secretId;
        row.version = version;
        row.address = address;
        row.outcome = outcome;
        return row.detail("repeats", count);
    }

    AuditRecord fold() {
        folded = true;
        return this;
    }

    /** True for a record that is checked but not written. */
    boolean isFolded() {
        return folded;
    }

    /** A further record of the same request, actor and authority: one for each value of a bulk read. */
    public AuditRecord sibling() {
        AuditRecord copy = new AuditRecord(eventId, action);
        copy.orgId = orgId;
        copy.credentialId = credentialId;
        copy.address = address;
        copy.epoch = epoch;
        copy.expiresAtMicros = expiresAtMicros;
        copy.environmentId = environmentId;
        copy.environmentVersion = environmentVersion;
        return copy;
    }

    /** The same as a record of another action: of one of the things that the request did. */
    public AuditRecord sibling(AuditAction other) {
        AuditRecord copy = new AuditRecord(eventId, other);
        copy.orgId = orgId;
        copy.credentialId = credentialId;
        copy.address = address;
        return copy;
    }

    void confirmedAt(long micros) {
        confirmedAtMicros = micros;
    }

    /** Notes the use of the credential, after the change that it made was committed. */
    public void noteUse(Uses uses) {
        if (credentialId != null && confirmedAtMicros > 0) {
            uses.noteCredential(orgId, credentialId, confirmedAtMicros);
        }
    }

    public UUID eventId() {
        return eventId;
    }

    public AuditAction action() {
        return action;
    }

    public AuditOutcome outcome() {
        return outcome;
    }

    public UUID orgId() {
        return orgId;
    }

    public @Nullable UUID credentialId() {
        return credentialId;
    }

    public @Nullable UUID environmentId() {
        return environmentId;
    }

    public @Nullable UUID secretId() {
        return secretId;
    }

    public long version() {
        return version;
    }

    @Nullable
    ClientAddress address() {
        return address;
    }

    public @Nullable JsonObject details() {
        return details;
    }

    long epoch() {
        return epoch;
    }

    long expiresAtMicros() {
        return expiresAtMicros;
    }

    long environmentVersion() {
        return environmentVersion;
    }
}
