package com.fyvault.orgs;

import com.fyvault.audit.AuditAction;
import com.fyvault.audit.AuditLog;
import com.fyvault.audit.AuditRecord;
import com.fyvault.crypto.Uuid7;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Membership;
import com.fyvault.tokens.Role;
import io.vertx.core.Future;
import java.util.UUID;

/**
 * Locks of organizations and roles of their members, as the operator changes them. A token does at once
 * what the role of its owner leaves it, and nothing in an organization that is locked: the commit raises
 * the organization's auth_epoch, so it is seen by the next record that any node commits.
 */
public final class Standings {
    private final Database database;
    private final StandingStore store;
    private final AuditLog audit;
    private final Uuid7 ids;

    public Standings(Database database, StandingStore store, AuditLog audit, Uuid7 ids) {
        this.database = database;
        this.store = store;
        this.audit = audit;
        this.ids = ids;
    }

    /** Locks or unlocks an organization; refused when there is none of that id. The auth_epoch that it set. */
    public Future<Long> setLocked(UUID orgId, boolean locked) {
        AuditAction action = locked ? AuditAction.ORG_LOCK : AuditAction.ORG_UNLOCK;
        return database.inTransaction(
                orgId,
                transaction -> store.setLocked(transaction, orgId, locked).compose(epoch -> {
                    if (epoch == null) {
                        throw Refusal.of(ErrorCode.ORG_NOT_FOUND);
                    }
                    return audit.append(transaction, record(orgId, action)).map(epoch);
                }));
    }

    /**
     * Gives a member another role, {@link Role#NONE} to remove them; refused when they are no member, or
     * the last owner. The membership as it is now.
     */
    public Future<Membership> setRole(UUID orgId, String email, Role role) {
        return database.inTransaction(
                orgId,
                transaction -> store.find(transaction, orgId, email).compose(member -> {
                    if (member == null) {
                        throw Refusal.of(ErrorCode.MEMBER_NOT_FOUND);
                    }
                    Membership changed = member.as(role);
                    AuditRecord record = record(orgId, AuditAction.ROLE_CHANGE)
                            .detail("user_id", changed.userId().toString())
                            .detail("role", role.text());
                    return change(transaction, member, changed)
                            .compose(epoch -> audit.append(transaction, record))
                            .map(changed);
                }));
    }

    /**
     * Writes what a member may do, under the organization's row, which the transaction holds; refused when it
     * would take away the last owner. The auth_epoch that it set: what was decided for them before it counts no more.
     */
    public Future<Long> change(Transaction transaction, Membership before, Membership after) {
        boolean leaves = before.role() == Role.OWNER && after.role() != Role.OWNER;
        Future<Long> others = leaves ? store.otherOwners(transaction, before) : Future.succeededFuture(1L);
        return others.compose(count -> {
            if (count == 0) {
                throw Refusal.of(ErrorCode.LAST_OWNER);
            }
            return store.set(transaction, after);
        });
    }

    private AuditRecord record(UUID orgId, AuditAction action) {
        return new AuditRecord(ids.next(), action).bySystem(orgId);
    }
}
