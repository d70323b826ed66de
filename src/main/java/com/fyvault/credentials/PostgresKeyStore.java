package com.fyvault.credentials;

import com.fyvault.crypto.RowSeal;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Credential;
import com.fyvault.tokens.PostgresCredentialStore;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Credentials in PostgreSQL, for writing. Every row is sealed. */
public final class PostgresKeyStore implements KeyStore {
    private static final String ADD = """
            insert into credential (org_id, credential_id, token_hash, kind, label, last4, scopes, project_ids,
                                    environment_ids, secret_patterns, cidrs, limits, owner_user_id, parent_id,
                                    parent_token, created_by, created_at, expires_at, changed_epoch, seal)
            select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::text::jsonb, $13, $14, $15, $16, $17, $18,
                   auth_epoch, $19
              from org where org_id = $1
            """;

    private final RowSeal seals;

    public PostgresKeyStore(RowSeal seals) {
        this.seals = seals;
    }

    @Override
    public Future<Void> add(Transaction transaction, Credential c) {
        Tuple values = Tuple.tuple()
                .addUUID(c.orgId())
                .addUUID(c.id())
                .addBuffer(Buffer.buffer(c.hash().toBytes()))
                .addString(c.kind().name())
                .addString(c.label())
                .addString(c.last4())
                .addArrayOfString(c.scopes().names().toArray(String[]::new))
                .addArrayOfUUID(c.reach().projectIds().toArray(UUID[]::new))
                .addArrayOfUUID(c.reach().environmentIds().toArray(UUID[]::new))
                .addArrayOfString(c.reach().secretPatterns().toArray(String[]::new))
                .addArrayOfString(c.reach().cidrs().toArray(String[]::new))
                .addString(c.limits())
                .addUUID(c.ownerUserId())
                .addUUID(c.parentId())
                .addBuffer(
                        c.parentToken() == null
                                ? null
                                : Buffer.buffer(c.parentToken().toBytes()))
                .addString(c.createdBy())
                .addOffsetDateTime(time(c.createdAt()))
                .addOffsetDateTime(time(c.expiresAt()))
                .addBuffer(
                        Buffer.buffer(PostgresCredentialStore.sealOf(c, seals).seal()));
        return transaction.query(ADD, values).mapEmpty();
    }

    private static @Nullable OffsetDateTime time(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }
}
