package com.fyvault.webhooks;

import com.fyvault.audit.AuditAction;
import com.fyvault.audit.AuditLog;
import com.fyvault.audit.AuditRecord;
import com.fyvault.crypto.SealBroken;
import com.fyvault.crypto.Uuid7;
import com.fyvault.crypto.ValuePrints;
import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.providers.WebhookSecrets;
import com.fyvault.purge.PurgeRound;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the secrets that sign webhooks their fingerprints, by which one is recognised when it turns up in public: soon after it was
 * written, some of one organization a turn, in one transaction with one record.
 */
public final class PrintSecrets implements PurgeRound {
    /** Of webhooks in a turn, and of providers. */
    static final int MOST = 50;

    private static final Logger LOG = LoggerFactory.getLogger(PrintSecrets.class);
    private static final UUID FIRST = new UUID(0, 0);
    /** Of a secret that does not open: it is not looked at again. */
    private static final byte[] NONE = {};

    private final Parts parts;
    /** One organization after the other, so that none that fails holds up the rest. */
    private volatile UUID last = FIRST;

    /** What it is made of. */
    public record Parts(
            Database database,
            PostgresSigningPrints store,
            WebhookSecrets secrets,
            ValuePrints prints,
            AuditLog audit,
            Uuid7 ids) {}

    public PrintSecrets(Parts parts) {
        this.parts = parts;
    }

    /** One turn; how many secrets were looked at. */
    @Override
    public Future<Integer> purge() {
        return parts.store().due(last).compose(orgId -> {
            boolean round = orgId == null && !last.equals(FIRST);
            last = orgId == null ? FIRST : orgId;
            if (round) {
                return purge();
            }
            return orgId == null
                    ? Future.succeededFuture(0)
                    : parts.database().inTransaction(orgId, transaction -> turn(transaction, orgId));
        });
    }

    private Future<Integer> turn(Transaction transaction, UUID orgId) {
        return parts.store().take(transaction, orgId, MOST).compose(taken -> {
            if (taken.isEmpty()) {
                return Future.succeededFuture(0);
            }
            List<PostgresSigningPrints.Print> prints = new ArrayList<>(taken.size());
            Future<Void> all = Future.succeededFuture();
            for (PostgresSigningPrints.Sealed sealed : taken) {
                all = all.compose(before -> print(orgId, sealed)).map(print -> {
                    prints.add(new PostgresSigningPrints.Print(sealed, print));
                    return null;
                });
            }
            return all.compose(opened -> parts.store().done(transaction, orgId, prints))
                    .compose(done -> parts.audit().append(transaction, record(orgId, taken.size())))
                    .map(taken.size());
        });
    }

    private Future<byte[]> print(UUID orgId, PostgresSigningPrints.Sealed sealed) {
        return parts.secrets()
                .print(orgId, sealed.ownerId(), sealed.envelope(), parts.prints())
                .recover(failure -> {
                    if (!(failure instanceof SealBroken)) {
                        return Future.failedFuture(failure);
                    }
                    LOG.atError()
                            .addKeyValue("orgId", orgId)
                            .addKeyValue("webhookId", sealed.ownerId())
                            .log("alarm: a webhook's secret does not open for its fingerprint");
                    return Future.succeededFuture(NONE);
                });
    }

    private AuditRecord record(UUID orgId, int opened) {
        return new AuditRecord(parts.ids().next(), AuditAction.SECRET_FINGERPRINT)
                .bySystem(orgId)
                .detail("opened", opened)
                .detail("of", "webhook_secrets");
    }
}
