package com.fyvault.proofs.doors;

import com.fyvault.crypto.RowSeal;
import com.fyvault.support.TestDatabase;
import com.fyvault.support.TestServer;
import com.fyvault.tokens.Credential;
import com.fyvault.tokens.Membership;
import com.fyvault.tokens.PostgresCredentialStore;
import com.fyvault.tokens.Reach;
import com.fyvault.tokens.Role;
import com.fyvault.tokens.ScopeSet;
import com.fyvault.tokens.TokenHash;
import com.fyvault.tokens.TokenKind;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Rows of credentials as the server writes them, sealed, in any state: most could be had from it only by waiting. */
final class CredentialRows {
    private static final String ADD = """
            insert into credential (org_id, credential_id, token_hash, kind, label, last4, scopes, project_ids,
                                    environment_ids, secret_patterns, cidrs, limits, owner_user_id, parent_id,
                                    parent_token, created_by, created_at, expires_at, revoked_at, changed_epoch, seal)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?, ?, ?, ?, ?, ?, 1, ?)
            """;

    private final TestDatabase database;
    private final RowSeal seals;

    CredentialRows(TestServer server) {
        this.database = server.database();
        this.seals = new RowSeal(server.subKeys().rowSeal());
    }

    /** Somebody who is no member of anything. */
    UUID account() {
        UUID id = UUID.randomUUID();
        database.execute("insert into account (user_id, email) values (?, ?)", id, id + "@example.com");
        return id;
    }

    /** Somebody new in the role. */
    UUID member(UUID orgId, Role role) {
        Membership member = new Membership(orgId, account(), role);
        database.execute(
                "insert into membership (org_id, user_id, role, seal) values (?, ?, ?, ?)",
                orgId,
                member.userId(),
                role.text(),
                member.sealOf(seals).seal());
        return member.userId();
    }

    /** Puts every member into a team. */
    void joinAll(UUID orgId, UUID teamId) {
        database.execute(
                "insert into team_member (org_id, team_id, user_id)"
                        + " select org_id, ?, user_id from membership where org_id = ? on conflict do nothing",
                teamId,
                orgId);
    }

    /** Parents before their children. */
    void add(List<Credential> rows) {
        try (Connection connection = database.superuser();
                PreparedStatement statement = connection.prepareStatement(ADD)) {
            connection.setAutoCommit(false);
            for (Credential row : rows) {
                set(statement, values(connection, row));
                statement.addBatch();
            }
            int[] _ = statement.executeBatch();
            connection.commit();
            rows.forEach(this::addDetails);
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** What a list of devices or providers shows of one besides. */
    private void addDetails(Credential row) {
        if (row.kind() == TokenKind.PROVIDER) {
            database.execute(
                    "insert into provider (org_id, credential_id, provider_type, webhook_secret) values (?, ?, 'CUSTOM', '')",
                    row.orgId(),
                    row.id());
        } else if (row.kind() == TokenKind.DEVICE) {
            @Nullable String fingerprint = null;
            RowSeal.Row seal = seals.fields("device.1")
                    .add(row.orgId())
                    .add(row.id())
                    .add(row.hash().toBytes())
                    .add(fingerprint);
            database.execute(
                    "insert into device (org_id, credential_id, device_seal) values (?, ?, ?)",
                    row.orgId(),
                    row.id(),
                    seal.seal());
        }
    }

    /**
     * Takes a credential's scopes away and lets it end in half an hour, so that it is weaker than whoever comes to
     * change it: what the stronger one is refused for is not what is asked here.
     */
    void weaken(String id) {
        Map<String, Object> row = database.query(
                        "select * from credential where credential_id = ?", UUID.fromString(id))
                .get(0);
        Credential weak = read(row)
                .edited(
                        (String) row.get("label"),
                        ScopeSet.of(),
                        read(row).reach(),
                        Instant.now().plusSeconds(1_800));
        Instant end = weak.expiresAt() == null
                ? Instant.MAX
                : weak.expiresAt().truncatedTo(java.time.temporal.ChronoUnit.MICROS);
        Credential stored = weak.edited(weak.label(), weak.scopes(), weak.reach(), end);
        database.execute(
                "update credential set scopes = '{}', expires_at = ?, seal = ? where credential_id = ?",
                end.atOffset(ZoneOffset.UTC),
                PostgresCredentialStore.sealOf(stored, seals).seal(),
                stored.id());
    }

    private static Credential read(Map<String, Object> row) {
        Reach reach = new Reach(
                list(row.get("project_ids"), UUID[].class),
                list(row.get("environment_ids"), UUID[].class),
                list(row.get("secret_patterns"), String[].class),
                list(row.get("cidrs"), String[].class));
        @Nullable Object parentToken = row.get("parent_token");
        return new Credential(
                (UUID) row.get("org_id"),
                (UUID) row.get("credential_id"),
                TokenHash.of((byte[]) row.get("token_hash")),
                TokenKind.valueOf((String) row.get("kind")),
                (String) row.get("label"),
                (String) row.get("last4"),
                ScopeSet.parse(list(row.get("scopes"), String[].class)),
                reach,
                row.get("limits").toString(),
                (UUID) row.get("owner_user_id"),
                (UUID) row.get("owner_team_id"),
                (UUID) row.get("parent_id"),
                parentToken == null ? null : TokenHash.of((byte[]) parentToken),
                (String) row.get("created_by"),
                ((Timestamp) row.get("created_at")).toInstant(),
                null,
                null,
                null);
    }

    private static <T> List<T> list(Object array, Class<T[]> type) {
        try {
            return Arrays.asList(type.cast(((Array) array).getArray()));
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private @Nullable Object[] values(Connection connection, Credential row) throws SQLException {
        Reach reach = row.reach();
        return new @Nullable Object[] {
            row.orgId(),
            row.id(),
            row.hash().toBytes(),
            row.kind().name(),
            row.label(),
            row.last4(),
            connection.createArrayOf("text", row.scopes().names().toArray()),
            connection.createArrayOf("uuid", reach.projectIds().toArray()),
            connection.createArrayOf("uuid", reach.environmentIds().toArray()),
            connection.createArrayOf("text", reach.secretPatterns().toArray()),
            connection.createArrayOf("text", reach.cidrs().toArray()),
            row.limits(),
            row.ownerUserId(),
            row.parentId(),
            row.parentToken() == null ? null : row.parentToken().toBytes(),
            row.createdBy(),
            time(row.createdAt()),
            time(row.expiresAt()),
            time(row.revokedAt()),
            PostgresCredentialStore.sealOf(row, seals).seal()
        };
    }

    private static void set(PreparedStatement statement, @Nullable Object[] values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
    }

    private static @Nullable Object time(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }
}
