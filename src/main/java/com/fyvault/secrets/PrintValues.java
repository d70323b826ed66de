package com.fyvault.secrets;

import com.fyvault.audit.AuditAction;
import com.fyvault.audit.AuditLog;
import com.fyvault.audit.AuditRecord;
import com.fyvault.crypto.Binding;
import com.fyvault.crypto.Envelope;
import com.fyvault.crypto.OrgKey;
import com.fyvault.crypto.Purpose;
import com.fyvault.crypto.SealBroken;
import com.fyvault.crypto.Uuid7;
import com.fyvault.crypto.ValuePrints;
import com.fyvault.orgs.Keyrings;
import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.purge.PurgeRound;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens values that were written without a fingerprint and writes it: some of one organization a turn, in one transaction with one
 * record, on one node at a time. A plaintext lives on a worker for as long as it is hashed. What is killed half way has done nothing;
 * the next turn begins where the last one has ended.
 */
public final class PrintValues implements PurgeRound {
    /** Heads a turn. */
    static final int MOST = 200;

    private static final Logger LOG = LoggerFactory.getLogger(PrintValues.class);
    private static final UUID FIRST = new UUID(0, 0);

    private final Parts parts;
    private final WorkerExecutor workers;
    /** One organization after the other, so that none that fails holds up the rest. */
    private volatile UUID last = FIRST;

    /** What it is made of. */
    public record Parts(
            Database database,
            PostgresPrintStore store,
            Keyrings keyrings,
            ValuePrints prints,
            AuditLog audit,
            Uuid7 ids) {}

    public PrintValues(Parts parts, WorkerExecutor workers) {
        this.parts = parts;
        this.workers = workers;
    }

    /** One turn; how many values were looked at. */
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
        return parts.store()
                .claim(transaction)
                .compose(
                        mine -> mine ? parts.store().take(transaction, orgId, MOST) : Future.succeededFuture(nothing()))
                .compose(batch -> batch.heads().isEmpty()
                        ? Future.succeededFuture(0)
                        : keys(orgId, batch)
                                .compose(keys -> workers.executeBlocking(() -> printed(orgId, keys, batch), false))
                                .compose(prints -> parts.store()
                                        .done(transaction, orgId, batch.heads(), prints)
                                        .compose(done -> recorded(transaction, orgId, batch, prints)))
                                .map(batch.heads().size()));
    }

    private static PrintStore.Batch nothing() {
        return new PrintStore.Batch(List.of(), List.of());
    }

    private Future<Map<Integer, OrgKey>> keys(UUID orgId, PrintStore.Batch batch) {
        Map<Integer, OrgKey> keys = new HashMap<>();
        Future<Void> all = Future.succeededFuture();
        for (int epoch : batch.values().stream()
                .mapToInt(value -> Envelope.epoch(value.envelope()))
                .distinct()
                .toArray()) {
            all = all.compose(before -> parts.keyrings().key(orgId, epoch)).map(key -> {
                if (key != null) {
                    keys.put(epoch, key);
                }
                return null;
            });
        }
        return all.map(keys);
    }

    /** What does not open is left without one, and an alarm. */
    private List<PrintStore.Print> printed(UUID orgId, Map<Integer, OrgKey> keys, PrintStore.Batch batch) {
        List<PrintStore.Print> prints = new ArrayList<>();
        for (PrintStore.Sealed value : batch.values()) {
            @Nullable OrgKey key = keys.get(Envelope.epoch(value.envelope()));
            byte @Nullable [] print = key == null ? null : print(orgId, key, value);
            if (print != null) {
                prints.add(new PrintStore.Print(value, print));
            }
        }
        return prints;
    }

    private byte @Nullable [] print(UUID orgId, OrgKey key, PrintStore.Sealed value) {
        Binding binding = new Binding(
                Purpose.SECRET, orgId, value.projectId(), value.environmentId(), value.secretId(), value.version());
        try {
            byte[] plaintext = Envelope.open(key, binding, value.envelope());
            try {
                return parts.prints().of(plaintext);
            } finally {
                Arrays.fill(plaintext, (byte) 0);
            }
        } catch (SealBroken broken) {
            LOG.atError()
                    .addKeyValue("orgId", orgId)
                    .addKeyValue("secretId", value.secretId())
                    .log("alarm: a value does not open for its fingerprint");
            return null;
        }
    }

    private Future<Void> recorded(
            Transaction transaction, UUID orgId, PrintStore.Batch batch, List<PrintStore.Print> prints) {
        if (batch.values().isEmpty()) {
            return Future.succeededFuture();
        }
        AuditRecord record = new AuditRecord(parts.ids().next(), AuditAction.SECRET_FINGERPRINT)
                .bySystem(orgId)
                .detail("opened", batch.values().size())
                .detail("count", prints.size());
        return parts.audit().append(transaction, record);
    }
}
