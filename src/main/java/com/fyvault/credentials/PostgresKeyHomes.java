package com.fyvault.credentials;

import com.fyvault.platform.postgres.Database;
import com.fyvault.platform.postgres.Everywhere;
import com.fyvault.tokens.TokenHash;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where keys are, in PostgreSQL. It only says where to look: whether the login may, is decided there. */
public final class PostgresKeyHomes implements KeyHomes {
    // The organization is the question here, as it is when a token is looked up by its hash; the login's own
    // memberships bound the answer.
    private static final String HOME = """
            select c.org_id
              from login_session s
              join membership m on m.user_id = s.user_id and m.role <> 'none'
              join credential c on c.org_id = m.org_id and c.credential_id = $2 and c.owner_user_id = s.user_id
             where s.token_hash = $1 and c.kind = any('{API_KEY,TEST_KEY,PUBLIC_KEY}')
             limit 1
            """;
    private static final String TEAM = """
            select t.org_id
              from login_session s
              join membership m on m.user_id = s.user_id and m.role <> 'none'
              join team t on t.org_id = m.org_id and t.team_id = $2 and t.deleted_at is null
             where s.token_hash = $1
             limit 1
            """;

    private final Everywhere everywhere;

    public PostgresKeyHomes(Database database) {
        this.everywhere = database.everywhere();
    }

    @Override
    public Future<@Nullable UUID> of(TokenHash login, UUID keyId) {
        return find(HOME, login, keyId);
    }

    @Override
    public Future<@Nullable UUID> ofTeam(TokenHash login, UUID teamId) {
        return find(TEAM, login, teamId);
    }

    private Future<@Nullable UUID> find(String sql, TokenHash login, UUID id) {
        return everywhere
                .query(sql, Tuple.of(Buffer.buffer(login.toBytes()), id))
                .map(rows -> rows.size() == 0 ? null : rows.iterator().next().getUUID("org_id"));
    }
}
