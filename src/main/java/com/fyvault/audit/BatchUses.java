package com.fyvault.audit;

import com.fyvault.uses.Uses;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which credentials and secrets a batch has used: those of answers that may leave. A refusal is no use, and a summary row
 * tells of uses that were noted when they happened. A secret is used where its value is read, or found unchanged.
 */
final class BatchUses {
    private BatchUses() {}

    static void note(Uses uses, List<AuditRecord> records, Verdict[] verdicts, long atMicros) {
        @Nullable UUID last = null;
        for (int i = 0; i < verdicts.length; i++) {
            AuditRecord record = records.get(i);
            if (!verdicts[i].releases() || !isUse(record)) {
                continue;
            }
            @Nullable UUID credential = record.credentialId();
            // The records of a bulk read, and mostly of one busy key, come side by side.
            if (credential != null && !credential.equals(last)) {
                uses.noteCredential(record.orgId(), credential, atMicros);
                last = credential;
            }
            @Nullable UUID secret = record.secretId();
            if (secret != null && isRead(record.action())) {
                uses.noteSecret(record.orgId(), secret, atMicros);
            }
        }
    }

    /** A record that was compared with an epoch is of a request that was decided. */
    private static boolean isUse(AuditRecord record) {
        boolean answered = record.outcome() == AuditOutcome.DONE || record.outcome() == AuditOutcome.UNCHANGED;
        return answered && record.epoch() > 0;
    }

    private static boolean isRead(AuditAction action) {
        return action == AuditAction.SECRET_READ || action == AuditAction.SECRET_READ_BULK;
    }
}
