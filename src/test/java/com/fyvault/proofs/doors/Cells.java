package com.fyvault.proofs.doors;

import com.fyvault.support.Lane;
import com.fyvault.tokens.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The cells of a matrix: all of them in lane N. Lane F has every cell of a live token at its own organization, one in
 * {@value #OF_ONE_FAULT} of those where only the token's state or the organization is wrong, and one in
 * {@value #OF_TWO_FAULTS} of those where two things are; the same ones each time.
 */
record Cells(Matrix matrix) {
    private static final int OF_ONE_FAULT = 3;
    private static final int OF_TWO_FAULTS = 200;

    List<Cell> all() {
        List<Cell> cells = new ArrayList<>();
        Matrix.Kind key = Objects.requireNonNull(matrix.kinds().get("key"));
        for (Row row : matrix.rows()) {
            for (Row.Line line : row.lines()) {
                for (Matrix.Kind kind : matrix.kinds().values()) {
                    for (String role : matrix.roles().keySet()) {
                        addStates(cells, new Cell(row, line, kind, role, "live", "own", null));
                    }
                }
                for (String role : row.ofOrganization() ? matrix.roles().keySet() : Set.<String>of()) {
                    for (Scope scope : Scope.values()) {
                        cells.add(new Cell(row, line, key, role, "live", "own", scope));
                    }
                }
            }
        }
        return cells;
    }

    private void addStates(List<Cell> cells, Cell one) {
        matrix.places()
                .forEach((place, here) -> matrix.states().forEach((state, now) -> {
                    boolean named = one.line().names("org") || place.equals("own") || place.startsWith("of-");
                    boolean asked = one.row().ofOrganization() ? named : place.equals("own") && state.equals("live");
                    Cell cell = new Cell(one.row(), one.line(), one.kind(), one.role(), state, place, null);
                    if (asked && now.concerns(one.kind().name()) && isChosen(cell, one)) {
                        cells.add(cell);
                    }
                }));
    }

    /** @param live the same cell with nothing wrong but what is wrong with the kind or the role */
    private boolean isChosen(Cell cell, Cell live) {
        boolean refused = !live.expected(matrix).equals("ok");
        boolean dead = !cell.state().equals("live");
        boolean misplaced = !cell.place().equals("own");
        boolean two = (dead && misplaced) || (refused && (dead || misplaced));
        int sampled = two ? OF_TWO_FAULTS : dead || misplaced ? OF_ONE_FAULT : 1;
        return Lane.isFull() || Math.floorMod(cell.toString().hashCode(), sampled) == 0;
    }
}
