package com.fyvault.proofs.doors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fyvault.RouteTable;
import com.fyvault.api.Endpoint;
import com.fyvault.api.Routes;
import com.fyvault.audit.AuditAction;
import com.fyvault.support.TestServer;
import com.fyvault.tokens.Role;
import com.fyvault.tokens.TokenKind;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** T33: the matrix has a row for every route and no other, every row says something of every kind, and agrees with itself. */
class MatrixTest {
    private static final String POLICY = """
            roles
              owner   every
              viewer  SECRETS_READ
            kinds
              key     API_KEY   every
              device  DEVICE    SECRETS_READ
            states
              live
            places
              own
            """;
    private static final String ROW = """
            GET /orgs/{org}/things
              needs  SECRETS_READ
              roles  owner viewer
              may    key
              never  device
            """;
    private static Vertx vertx;
    private static List<Endpoint> endpoints;

    @BeforeAll
    static void mount() {
        vertx = Vertx.vertx();
        endpoints = RouteTable.endpoints(vertx);
    }

    @AfterAll
    static void stop() {
        TestServer.await(vertx.close());
    }

    private static Set<String> mounted(List<Endpoint> table) {
        return table.stream()
                .map(endpoint -> endpoint.method() + " " + endpoint.path())
                .collect(Collectors.toSet());
    }

    private static List<String> written(Matrix matrix) {
        return matrix.rows().stream()
                .flatMap(row -> row.lines().stream())
                .map(Row.Line::toString)
                .toList();
    }

    /** Routes without a row, rows without a route, and routes with two rows. */
    private static List<String> unmatched(Matrix matrix, List<Endpoint> table) {
        List<String> wrong = new ArrayList<>();
        List<String> rows = written(matrix);
        Set<String> routes = mounted(table);
        routes.stream().filter(route -> !rows.contains(route)).forEach(route -> wrong.add("no row: " + route));
        rows.stream().filter(row -> !routes.contains(row)).forEach(row -> wrong.add("no route: " + row));
        rows.stream()
                .filter(row -> rows.indexOf(row) != rows.lastIndexOf(row))
                .distinct()
                .forEach(row -> wrong.add("two rows: " + row));
        return wrong;
    }

    /** The roles whose scopes hold one that is needed. */
    private static Set<Role> holding(Matrix matrix, Row row) {
        Set<Role> roles = EnumSet.noneOf(Role.class);
        matrix.roles().forEach((name, standing) -> {
            boolean holds = row.needs().isEmpty() || row.needs().stream().anyMatch(standing.scopes()::has);
            if (standing.code() == null && holds) {
                roles.add(Role.of(name));
            }
        });
        return roles;
    }

    @Test
    void everyRouteHasOneRowAndEveryRowARoute() {
        assertThat(unmatched(MatrixFile.read(), endpoints)).isEmpty();
    }

    @Test
    void everyKindOfTokenIsInTheMatrix() {
        assertThat(MatrixFile.read().kinds().values())
                .extracting(Matrix.Kind::token)
                .containsExactlyInAnyOrder(TokenKind.values());
    }

    @Test
    void everyRoleIsInTheMatrixAndThoseOfNobody() {
        Set<String> known = Set.of("owner", "admin", "developer", "member", "viewer", "removed", "stranger");
        assertThat(MatrixFile.read().roles().keySet()).isEqualTo(known);
        assertThat(Role.values()).hasSize(known.size() - 1);
    }

    @Test
    void theRolesOfARowAreThoseThatHoldWhatItNeeds() {
        Matrix matrix = MatrixFile.read();
        for (Row row : matrix.rows()) {
            if (row.ofOrganization()) {
                assertThat(row.roles()).as(row.lines().toString()).isEqualTo(holding(matrix, row));
            }
        }
    }

    @Test
    void aCellIsWorthTheFirstThingThatIsWrongWithIt() {
        Matrix matrix = MatrixFile.read();
        Row row = matrix.rows().stream()
                .filter(one -> one.lines().get(0).toString().equals("POST /orgs/{org}/api-keys"))
                .findFirst()
                .orElseThrow();
        assertThat(expected(matrix, row, "agent of-deleted revoked removed")).isEqualTo("TOKEN_INVALID");
        assertThat(expected(matrix, row, "agent of-locked expired removed")).isEqualTo("TOKEN_EXPIRED");
        assertThat(expected(matrix, row, "agent of-locked elsewhere removed")).isEqualTo("ORG_LOCKED");
        assertThat(expected(matrix, row, "agent other elsewhere removed")).isEqualTo("TOKEN_REVOKED");
        assertThat(expected(matrix, row, "agent other elsewhere viewer")).isEqualTo("ORG_NOT_FOUND");
        assertThat(expected(matrix, row, "public own elsewhere viewer")).isEqualTo("ADDRESS_NOT_ALLOWED");
        assertThat(expected(matrix, row, "public own live viewer")).isEqualTo("KIND_NOT_ALLOWED");
        assertThat(expected(matrix, row, "agent own live viewer")).isEqualTo("SCOPE_MISSING");
        assertThat(expected(matrix, row, "agent own live owner")).isEqualTo("PERSON_REQUIRED");
        assertThat(expected(matrix, row, "login own live developer")).isEqualTo("ok");
    }

    private static String expected(Matrix matrix, Row row, String cell) {
        String[] words = cell.split(" ");
        Matrix.Kind kind = Objects.requireNonNull(matrix.kinds().get(words[0]));
        return new Cell(row, row.lines().get(0), kind, words[3], words[2], words[1], null).expected(matrix);
    }

    @Nested
    class Fails {
        private static final Routes TABLE = new Routes();

        static {
            TABLE.get("/orgs/{org}/things", "listThings", AuditAction.SECRET_LIST)
                    .reads(call -> {
                        throw new IllegalStateException("never called");
                    });
        }

        @Test
        void aRouteWithoutARow() {
            Routes planted = new Routes();
            planted.post("/orgs/{org}/planted", "plant", AuditAction.SECRET_CREATE)
                    .owns((id, request, path) -> {});
            List<Endpoint> more = new ArrayList<>(endpoints);
            more.addAll(planted.endpoints());
            assertThat(unmatched(MatrixFile.read(), more)).containsExactly("no row: POST /orgs/{org}/planted");
        }

        @Test
        void aNewSpellingOfARouteWithoutARow() {
            Routes planted = new Routes();
            planted.get("/orgs/{org}/safes/{project}/secrets", "listSecrets", AuditAction.SECRET_LIST)
                    .owns((id, request, path) -> {});
            List<Endpoint> more = new ArrayList<>(endpoints);
            more.addAll(planted.endpoints());
            assertThat(unmatched(MatrixFile.read(), more))
                    .containsExactly("no row: GET /orgs/{org}/safes/{project}/secrets");
        }

        @Test
        void aRowWithoutARoute() {
            String further = ROW.replace("/things", "/nothing");
            assertThat(unmatched(MatrixFile.parse(POLICY + ROW + further), TABLE.endpoints()))
                    .containsExactly("no route: GET /orgs/{org}/nothing");
        }

        @Test
        void aRouteWithTwoRows() {
            assertThat(unmatched(MatrixFile.parse(POLICY + ROW + ROW), TABLE.endpoints()))
                    .containsExactly("two rows: GET /orgs/{org}/things");
        }

        @Test
        void aRowThatIsSilentOnAKind() {
            assertThatThrownBy(() -> MatrixFile.parse(POLICY + ROW.replace("  never  device\n", "")))
                    .hasMessageContaining("names device 0 times");
        }

        @Test
        void aRowThatSaysTwoThingsOfAKind() {
            assertThatThrownBy(() -> MatrixFile.parse(POLICY + ROW.replace("may    key", "may    key device")))
                    .hasMessageContaining("names device 2 times");
        }

        @Test
        void aWordThatNobodyKnows() {
            assertThatThrownBy(() -> MatrixFile.parse(POLICY + ROW + "  maybe key\n"))
                    .hasMessageContaining("is no word of a row");
        }

        @Test
        void aRowWhoseRolesDoNotHoldWhatItNeeds() {
            Matrix matrix = MatrixFile.parse(POLICY + ROW.replace("needs  SECRETS_READ", "needs  SECRETS_WRITE"));
            Row row = matrix.rows().get(0);
            assertThat(holding(matrix, row)).isNotEqualTo(row.roles());
        }
    }
}
