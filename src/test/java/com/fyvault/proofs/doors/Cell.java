package com.fyvault.proofs.doors;

import com.fyvault.tokens.Scope;
import com.fyvault.tokens.ScopeSet;
import com.fyvault.tokens.TokenKind;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One request of the matrix: who comes to which route, and how.
 *
 * @param role by its name in the file
 * @param only the one scope that it was given; null for all that the kind is given
 */
record Cell(
        Row row,
        Row.Line line,
        Matrix.Kind kind,
        String role,
        String state,
        String place,
        @Nullable Scope only) {

    /** The code that the matrix expects, or {@code ok}. */
    String expected(Matrix matrix) {
        if (row.guard() == Row.Guard.OPEN) {
            return row.answers() == null ? "ok" : row.answers();
        }
        if (row.guard() == Row.Guard.PERSON) {
            return "KIND_NOT_ALLOWED";
        }
        @Nullable String dead = dead(matrix);
        return dead == null ? ofTheLiving(matrix) : dead;
    }

    /** Whether the request gets as far as to the work itself, if only to be refused there. */
    boolean comesToTheWork(Matrix matrix) {
        return row.guard() == Row.Guard.OPEN
                || (dead(matrix) == null && row.refuses().containsKey(kind.token()))
                || expected(matrix).equals("ok")
                || expected(matrix).equals("EXCEEDS_PARENT");
    }

    private @Nullable String dead(Matrix matrix) {
        Matrix.Fault here = found(matrix.places().get(place));
        Matrix.Fault now = found(matrix.states().get(state));
        if ("TOKEN_INVALID".equals(here.code())) {
            return here.code();
        }
        if (now.code() != null && now.code().startsWith("TOKEN_")) {
            return now.code();
        }
        if ("ORG_LOCKED".equals(here.code())) {
            return here.code();
        }
        @Nullable String gone = found(matrix.roles().get(role)).code();
        if (gone != null) {
            return gone;
        }
        return here.code() != null ? here.code() : now.code();
    }

    private String ofTheLiving(Matrix matrix) {
        if (row.never().contains(kind.token())) {
            return "KIND_NOT_ALLOWED";
        }
        ScopeSet most = only == null ? kind.most() : kind.most().intersect(ScopeSet.of(only));
        ScopeSet held = most.intersect(found(matrix.roles().get(role)).scopes());
        boolean otherwise = kind.token() == TokenKind.PROVIDER && !row.itself().isEmpty();
        Set<Scope> needs = otherwise ? row.itself() : row.needs();
        if (!needs.isEmpty() && needs.stream().noneMatch(held::has)) {
            return "SCOPE_MISSING";
        }
        @Nullable String refused = row.refuses().get(kind.token());
        if (refused != null) {
            return refused;
        }
        boolean lacks = row.gives().stream().anyMatch(scope -> !held.has(scope))
                || (row.whole() && Arrays.stream(Scope.values()).anyMatch(scope -> !held.has(scope)));
        return lacks ? "EXCEEDS_PARENT" : "ok";
    }

    private static <T> T found(@Nullable T named) {
        if (named == null) {
            throw new IllegalArgumentException("not in the matrix");
        }
        return named;
    }

    @Override
    public String toString() {
        return line + " as " + kind.name() + " of " + role + (only == null ? "" : " with only " + only) + ", " + state
                + ", " + place;
    }
}
