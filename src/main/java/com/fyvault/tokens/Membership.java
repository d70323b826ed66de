package com.fyvault.tokens;

import com.fyvault.crypto.RowSeal;
import java.util.UUID;

/** Who has which role where. The row is sealed: a writer to the table cannot make anybody an owner. */
public record Membership(UUID orgId, UUID userId, Role role, ProjectRoles projects) {
    /** A member who has the role in every project. */
    public Membership(UUID orgId, UUID userId, Role role) {
        this(orgId, userId, role, ProjectRoles.ALL);
    }

    /** The same member in another role; where it holds stays. */
    public Membership as(Role other) {
        return new Membership(orgId, userId, other, projects);
    }

    /** The fields that a writer to the table must not be able to change. */
    public RowSeal.Row sealOf(RowSeal seals) {
        // Rows from before there were roles by project keep their seal.
        boolean plain = projects.equals(ProjectRoles.ALL);
        RowSeal.Row row = seals.fields(plain ? "membership.1" : "membership.2")
                .add(orgId)
                .add(userId)
                .add(role.text());
        return plain ? row : row.add(projects.assignedOnly()).add(projects.sealed());
    }
}
