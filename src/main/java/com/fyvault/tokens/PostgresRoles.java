package com.fyvault.tokens;

import com.fyvault.crypto.RowSeal;
import com.fyvault.platform.http.ErrorCode;
import com.fyvault.platform.http.Refusal;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What members, teams and organizations are stored as. A row that does not fit its seal is refused, with an alarm. */
public final class PostgresRoles {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresRoles.class);

    private final RowSeal seals;
    private final String prefix;

    /** @param prefix what stands before the names of the {@link #columns} */
    public PostgresRoles(RowSeal seals, String prefix) {
        this.seals = seals;
        this.prefix = prefix;
    }

    /** The columns of a member or a team under this alias, each with the prefix before its name. */
    public static String columns(String alias, String prefix) {
        return "%1$s.role as %2$srole, %1$s.assigned_only as %2$sassigned_only, %1$s.project_ids as %2$sproject_ids, "
                        .formatted(alias, prefix)
                + "%1$s.project_roles as %2$sproject_roles, %1$s.seal as %2$sseal".formatted(alias, prefix);
    }

    /** A row of {@link #columns} of a member. */
    public Membership member(Row row, UUID orgId, UUID userId) {
        Membership member = new Membership(
                orgId, userId, Role.of(row.getString(prefix + "role")), projects(row, prefix, orgId, "membership"));
        if (!member.sealOf(seals).verify(row.getBuffer(prefix + "seal").getBytes())) {
            throw broken(orgId, "membership");
        }
        return member;
    }

    /** A row of {@link #columns} of a team. */
    public Team team(Row row, UUID orgId, UUID teamId) {
        Team team =
                new Team(orgId, teamId, Role.of(row.getString(prefix + "role")), projects(row, prefix, orgId, "team"));
        if (!team.sealOf(seals).verify(row.getBuffer(prefix + "seal").getBytes())) {
            throw broken(orgId, "team");
        }
        return team;
    }

    /** What an organization asks: a row of its columns {@code policy_*}. */
    public static Policy policy(Row row, RowSeal seals, UUID orgId) {
        Policy policy = new Policy(
                row.getInteger("policy_key_days"),
                row.getBoolean("policy_second_factor"),
                Arrays.asList(row.getArrayOfStrings("policy_cidrs")));
        @Nullable Buffer seal = row.getBuffer("policy_seal");
        boolean genuine = seal == null
                ? policy.equals(Policy.NONE)
                : policy.sealOf(seals, orgId).verify(seal.getBytes());
        if (!genuine) {
            throw broken(orgId, "policy");
        }
        return policy;
    }

    /** The roles in projects of somebody, or of an invitation. */
    public static ProjectRoles projects(Row row, String prefix, UUID orgId, String kind) {
        @Nullable
        ProjectRoles projects = ProjectRoles.of(
                row.getBoolean(prefix + "assigned_only"),
                row.getArrayOfUUIDs(prefix + "project_ids"),
                row.getArrayOfStrings(prefix + "project_roles"));
        if (projects == null) {
            throw broken(orgId, kind);
        }
        return projects;
    }

    private static Refusal broken(UUID orgId, String kind) {
        LOG.atError().addKeyValue("orgId", orgId).log("alarm: {} row does not fit its seal", kind);
        return Refusal.of(ErrorCode.SEALED_VALUE_REFUSED);
    }
}
