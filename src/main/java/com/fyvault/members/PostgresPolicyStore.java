package com.fyvault.members;

import com.fyvault.crypto.RowSeal;
import com.fyvault.platform.postgres.Transaction;
import com.fyvault.tokens.Policy;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Policies in PostgreSQL: columns of the organization's row, under a seal of their own. */
public final class PostgresPolicyStore implements PolicyStore {
    private static final String SET = """
            update org
               set policy_key_days = $2, policy_second_factor = $3, policy_cidrs = $4, policy_seal = $5,
                   auth_epoch = auth_epoch + 1, changed_epoch = auth_epoch + 1
             where org_id = $1 and deleted_at is null returning auth_epoch
            """;

    private final RowSeal seals;

    public PostgresPolicyStore(RowSeal seals) {
        this.seals = seals;
    }

    @Override
    public Future<@Nullable Long> set(Transaction transaction, UUID orgId, Policy policy) {
        Tuple values = Tuple.of(orgId, policy.keyDays(), policy.secondFactor())
                .addArrayOfString(policy.cidrs().toArray(String[]::new))
                .addBuffer(Buffer.buffer(policy.sealOf(seals, orgId).seal()));
        return transaction
                .query(SET, values)
                .map(rows -> rows.size() == 0 ? null : rows.iterator().next().getLong("auth_epoch"));
    }
}
