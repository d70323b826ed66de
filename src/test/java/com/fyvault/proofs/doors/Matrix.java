package com.fyvault.proofs.doors;

import com.fyvault.tokens.ScopeSet;
import com.fyvault.tokens.TokenKind;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The file authorization-matrix.txt: the policy that holds for every route, and a row for each.
 *
 * @param roles what is left of a credential by the role of its owner
 * @param bearers what is sent in place of a credential, and the code it gets
 */
record Matrix(
        Map<String, Standing> roles,
        Map<String, Kind> kinds,
        Map<String, Fault> states,
        Map<String, Fault> places,
        Map<String, Bearer> bearers,
        List<Row> rows) {

    /** A role, or the code for somebody who has none. */
    record Standing(ScopeSet scopes, @Nullable String code) {}

    /** A kind of credential and the most that one is given. */
    record Kind(String name, TokenKind token, ScopeSet most) {}

    /** The codes of what is sent in place of a credential: where the path names an organization, at a person's, where not. */
    record Bearer(String code, String atPersons, String unnamed) {
        /** What it is answered with at the row's door; at an open one that does not depend on it. */
        String expected(Row row, Row.Line line) {
            return switch (row.guard()) {
                case ORG -> line.names("org") ? code : unnamed;
                case PERSON -> atPersons;
                case OPEN -> row.answers() == null ? "ok" : row.answers();
            };
        }
    }

    /**
     * Something that is wrong with a request.
     *
     * @param code what it gets; null for what is right
     * @param only the kinds that it can be wrong with; empty for all
     */
    record Fault(@Nullable String code, Set<String> only) {
        boolean concerns(String kind) {
            return only.isEmpty() || only.contains(kind);
        }
    }
}
