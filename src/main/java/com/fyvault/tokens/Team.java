package com.fyvault.tokens;

import com.fyvault.crypto.RowSeal;
import java.util.UUID;

/** What a team, and so every token that it owns, may do. The row is sealed as that of a member is. */
public record Team(UUID orgId, UUID teamId, Role role, ProjectRoles projects) {
    /** The fields that a writer to the table must not be able to change. */
    public RowSeal.Row sealOf(RowSeal seals) {
        return seals.fields("team.1")
                .add(orgId)
                .add(teamId)
                .add(role.text())
                .add(projects.assignedOnly())
                .add(projects.sealed());
    }
}
