package com.fyvault.connect;

import com.fyvault.crypto.RowSeal;
import com.fyvault.tokens.Reach;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a person has agreed to, for whoever has the code, the verifier and the same address to go back to. Sealed: it is made a
 * token of, and a writer to the table must not be able to say of what.
 *
 * @param reach what the person could give at that moment
 */
record Approval(
        UUID orgId,
        UUID id,
        byte[] codeHash,
        String name,
        Reach reach,
        @Nullable String prefix,
        @Nullable String webhookUrl,
        String redirectUri,
        byte[] challenge,
        UUID userId,
        String createdBy,
        Instant expiresAt) {

    RowSeal.Row sealOf(RowSeal seals) {
        return seals.fields("connect.1")
                .add(orgId)
                .add(id)
                .add(codeHash)
                .add(name)
                .add(ids(reach.projectIds()))
                .add(ids(reach.environmentIds()))
                .add(reach.secretPatterns())
                .add(reach.cidrs())
                .add(prefix)
                .add(webhookUrl)
                .add(redirectUri)
                .add(challenge)
                .add(userId)
                .add(createdBy)
                .add(expiresAt);
    }

    private static List<String> ids(List<UUID> ids) {
        return ids.stream().map(UUID::toString).toList();
    }
}
