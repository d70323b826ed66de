package com.fyvault.credentials;

import com.fyvault.crypto.RowSeal;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Membership;
import com.fyvault.tokens.Reach;
import com.fyvault.tokens.Role;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Roles in PostgreSQL. A role is one for the whole organization, so it does not matter which projects a key sees. */
public final class PostgresVaultRoles implements VaultRoles {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresVaultRoles.class);
    private static final String ROLE = "select role, seal from membership where org_id = $1 and user_id = $2";

    private final RowSeal seals;

    public PostgresVaultRoles(RowSeal seals) {
        this.seals = seals;
    }

    @Override
    public Future<Boolean> develops(Transaction transaction, UUID orgId, UUID userId, Reach reach) {
        return transaction.query(ROLE, Tuple.of(orgId, userId)).map(rows -> {
            for (Row row : rows) {
                Membership member = new Membership(orgId, userId, Role.of(row.getString("role")));
                if (!member.sealOf(seals).verify(row.getBuffer("seal").getBytes())) {
                    LOG.atError().addKeyValue("orgId", orgId).log("alarm: membership row does not fit its seal");
                    throw Refusal.of(ErrorCode.SEALED_VALUE_REFUSED);
                }
                return member.role().compareTo(Role.DEVELOPER) <= 0;
            }
            return false;
        });
    }
}
