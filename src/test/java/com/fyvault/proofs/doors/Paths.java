package com.fyvault.proofs.doors;

import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where a cell's request goes, and with what.
 *
 * @param orgs the organization that the path names, by the place of the cell
 */
record Paths(Things things, Map<String, UUID> orgs) {
    private static final String NOBODYS = "00000000-0000-7000-8000-000000000000";

    /** @param works whether the request gets to the work; for one that does not, nothing is made */
    String path(Cell cell, boolean works) {
        String path = cell.line().path().replace("{org}", String.valueOf(orgs.get(cell.place())));
        String named = works ? path : path.replaceAll("\\{[a-z]+}", NOBODYS);
        return "/api/v1" + things.fill(named, cell.row().things(), cell.line().names("project"))
                + cell.row().query();
    }

    @Nullable
    String body(Row row, Row.Line line) {
        return row.body() == null ? null : things.fill(row.body(), Map.of(), line.names("project"));
    }
}
