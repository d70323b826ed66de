package com.fyvault.members;

import com.fyvault.audit.AuditAction;
import com.fyvault.audit.AuditLog;
import com.fyvault.audit.AuditRecord;
import com.fyvault.crypto.Uuid7;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Database;
import com.fyvault.tokens.Policy;
import io.vertx.core.Future;
import java.util.UUID;

/**
 * Takes away what an organization asks of its tokens, as the operator does when it lets nobody in any more who could: addresses
 * that are gone, or a second factor that no owner has.
 */
public final class ClearPolicy {
    private final Database database;
    private final PolicyStore store;
    private final AuditLog audit;
    private final Uuid7 ids;

    public ClearPolicy(Database database, PostgresPolicyStore store, AuditLog audit, Uuid7 ids) {
        this.database = database;
        this.store = store;
        this.audit = audit;
        this.ids = ids;
    }

    /** Refused when there is no organization of that id. The auth_epoch that it set. */
    public Future<Long> clear(UUID orgId) {
        return database.inTransaction(
                orgId,
                transaction -> store.set(transaction, orgId, Policy.NONE).compose(epoch -> {
                    if (epoch == null) {
                        throw Refusal.of(ErrorCode.ORG_NOT_FOUND);
                    }
                    AuditRecord record = new AuditRecord(ids.next(), AuditAction.POLICY_UPDATE).bySystem(orgId);
                    PolicyView.note(record, Policy.NONE);
                    return audit.append(transaction, record).map(epoch);
                }));
    }
}
