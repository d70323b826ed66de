package com.fyvault.proofs.doors;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.RouteTable;
import com.fyvault.api.Endpoint;
import com.fyvault.bootstrap.Bootstrap;
import com.fyvault.support.Figures;
import com.fyvault.support.ServerTest;
import com.fyvault.support.TestServer;
import com.fyvault.tokens.Role;
import com.fyvault.tokens.TokenFormat;
import com.fyvault.tokens.TokenKind;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** T33: every cell of authorization-matrix.txt, asked of a real server; in lane F those that {@link Cells} chooses. */
class AuthorizationMatrixIT extends ServerTest {
    private static final int COMERS = 8;
    private static final int READERS = 8;
    private static final int WRITERS = 4;
    private static final int MOST_SHOWN = 60;
    private static final List<String> METHODS = List.of("GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS");
    /** Nobody here has a factor, so they are told to get one. */
    private static final String UNCONFIRMED = "SECOND_FACTOR_REQUIRED";

    private static final Duration TOO_LONG = Duration.ofMinutes(6);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Matrix matrix = MatrixFile.read();
    private final Collection<String> wrong = new ConcurrentLinkedQueue<>();
    private final Map<String, String> failed = new ConcurrentHashMap<>();
    private final Set<String> passed = new ConcurrentSkipListSet<>();
    private final AtomicInteger unconfirmed = new AtomicInteger();
    private List<Endpoint> endpoints = List.of();
    private Things things;
    private Population population;
    private Paths paths;

    @Override
    protected Map<String, String> settings() {
        return OpenDoors.settings();
    }

    @BeforeAll
    void settle() {
        endpoints = RouteTable.endpoints(server.vertx());
        things = new Things(server, owner, server.orgId(), "_A").prepare();
        List<UUID> assigned =
                List.of(UUID.fromString(things.get("secret", false)), UUID.fromString(things.get("secret", true)));
        population = new Population(server, matrix, assigned);
        Bootstrap.Made other = made("other");
        Bootstrap.Made deleted = made("deleted");
        Bootstrap.Made locked = made("locked");
        population.settle("own", server.orgId());
        population.settle("of-deleted", deleted.orgId());
        population.settle("of-locked", locked.orgId());
        population.settleScopes("own", server.orgId(), matrix.kinds().get("key"));
        population.write();
        population.joinAll(server.orgId(), UUID.fromString(things.get("team", false)));
        server.database().execute("update org set deleted_at = now() where org_id = ?", deleted.orgId());
        server.database().execute("update org set locked_at = now() where org_id = ?", locked.orgId());
        Map<String, UUID> orgs = Map.of(
                "own", server.orgId(),
                "other", other.orgId(),
                "absent", UUID.randomUUID(),
                "to-deleted", deleted.orgId(),
                "to-locked", locked.orgId(),
                "of-deleted", deleted.orgId(),
                "of-locked", locked.orgId());
        paths = new Paths(things, orgs);
    }

    private Bootstrap.Made made(String name) {
        return TestServer.await(server.app().bootstrap().make(name, name + "@example.com"));
    }

    @Test
    void everyCellIsAnsweredAsTheMatrixSays() {
        List<Cell> refused = new ArrayList<>();
        List<Cell> reading = new ArrayList<>();
        List<Cell> writing = new ArrayList<>();
        List<Cell> changingAuthority = new ArrayList<>();
        for (Cell cell : new Cells(matrix).all()) {
            Endpoint endpoint = endpoint(cell.line());
            boolean works = cell.comesToTheWork(matrix);
            boolean authority = endpoint.work() instanceof Endpoint.Write write && write.changesAuthority();
            boolean get = cell.line().method().equals("GET");
            (!works ? refused : get ? reading : authority ? changingAuthority : writing).add(cell);
        }
        run(COMERS, refused);
        run(READERS, reading);
        run(WRITERS, writing);
        // One at a time: each makes every other request of its organization decide again.
        run(1, changingAuthority);
        int bearers = askOthers();
        int methods = askMethods();
        int all = refused.size()
                + reading.size()
                + writing.size()
                + changingAuthority.size()
                + bearers
                + methods
                + unconfirmed.get();
        int routes = endpoints.size();
        Figures.print(new Figures.Line(
                "T33",
                "authorization matrix",
                0,
                all,
                wrong.size(),
                "routes=" + routes + " bearers=" + bearers + " methods=" + methods + " unconfirmed=" + unconfirmed
                        + " passed=" + (reading.size() + writing.size() + changingAuthority.size())));
        assertThat(wrong.stream().limit(MOST_SHOWN)).isEmpty();
        assertThat(neverPassed())
                .as("routes at which even the owner's key never got 2xx")
                .isEmpty();
    }

    private Set<String> neverPassed() {
        Set<String> never = new TreeSet<>();
        matrix.rows().stream()
                .filter(row -> row.answers() == null && row.guard() != Row.Guard.PERSON)
                .filter(row -> row.guard() == Row.Guard.OPEN || !row.may().isEmpty())
                .flatMap(row -> row.lines().stream())
                .map(Row.Line::toString)
                .filter(line -> !passed.contains(line))
                .forEach(line -> never.add(line + " " + failed.get(line)));
        return never;
    }

    @Test
    void aWrongRowIsFound() {
        String right = "GET /orgs/{org}/notices\n  needs    ORG_ADMIN\n  roles    owner admin\n";
        String wrongOne = "GET /orgs/{org}/notices\n  needs    AUDIT_READ\n  roles    owner admin developer\n";
        assertThat(MatrixFile.text()).contains(right);
        Matrix planted = MatrixFile.parse(MatrixFile.text().replace(right, wrongOne));
        Row row = planted.rows().stream()
                .filter(one -> one.lines().get(0).path().equals("/orgs/{org}/notices"))
                .findFirst()
                .orElseThrow();
        Set<String> found = new ConcurrentSkipListSet<>();
        Wire.each(server.port(), 1, List.copyOf(planted.roles().keySet()), (wire, role) -> {
            Matrix.Kind key = Objects.requireNonNull(planted.kinds().get("key"));
            Cell cell = new Cell(row, row.lines().get(0), key, role, "live", "own", null);
            String bearer = "Bearer " + population.token(cell, "own");
            Wire.Reply reply = wire.ask(new Wire.Ask("GET", paths.path(cell, true), bearer, null));
            if (!Door.outcome(reply).equals(cell.expected(planted))) {
                found.add(role);
            }
        });
        assertThat(found).containsExactly("developer");
    }

    private void run(int connections, List<Cell> some) {
        Wire.each(server.port(), connections, some, this::ask);
    }

    private void ask(Wire wire, Cell cell) {
        String home = cell.place().startsWith("of-") ? cell.place() : "own";
        boolean asksPerson = cell.row().factor() && cell.kind().token() == TokenKind.LOGIN;
        if (asksPerson && cell.comesToTheWork(matrix)) {
            askUnconfirmed(wire, cell, home);
        }
        Wire.Reply reply = asked(wire, cell, home);
        String expected = cell.expected(matrix);
        judge(cell.toString(), expected, reply);
        boolean must = cell.kind().token() == cell.row().whoMust();
        boolean owners = must && cell.role().equals(Role.OWNER.text());
        if (owners && expected.equals("ok") && reply.status() < 300) {
            passed.add(cell.line().toString());
        } else if (owners && cell.only() == null && expected.equals("ok")) {
            failed.put(cell.line().toString(), reply.toString());
        }
    }

    /** The same, when the second factor was confirmed too long ago. It is confirmed afterwards. */
    private void askUnconfirmed(Wire wire, Cell cell, String home) {
        if (cell.expected(matrix).equals("ok")) {
            population.confirm(cell, home, TOO_LONG);
            judge(cell + ", not confirmed", UNCONFIRMED, asked(wire, cell, home));
            unconfirmed.incrementAndGet();
        }
        population.confirm(cell, home, Duration.ZERO);
    }

    private Wire.Reply asked(Wire wire, Cell cell, String home) {
        boolean works = cell.comesToTheWork(matrix);
        return wire.askUntilTaken(new Wire.Ask(
                cell.line().method(),
                paths.path(cell, works),
                "Bearer " + population.token(cell, home),
                works ? paths.body(cell.row(), cell.line()) : null));
    }

    private void judge(String what, String expected, Wire.Reply reply) {
        String door = Door.outcome(reply);
        if (!door.equals(expected)) {
            wrong.add(what + ": expected " + expected + ", was " + door + " (" + reply.status() + " " + reply.body()
                    + ")");
        }
    }

    /** Every bearer that is none, at every route; what the open doors ask for stands in the body. */
    private int askOthers() {
        String live = server.ownerKey();
        Map<String, String> sent = Map.of(
                "none", "",
                "empty", "Bearer ",
                "basic", "Basic " + Base64.getEncoder().encodeToString(live.getBytes(StandardCharsets.US_ASCII)),
                "junk", "Bearer junk",
                "jwt", "Bearer eyJhbGciOiJub25lIn0.e30.",
                "handle", "Bearer " + things.get("handle-text", false),
                "mistyped", "Bearer " + live.substring(0, live.length() - 1) + (live.endsWith("0") ? "1" : "0"));
        record Asked(Row row, Row.Line line, String bearer, String header) {}
        List<Asked> all = new ArrayList<>();
        for (Row row : matrix.rows()) {
            for (Row.Line line : row.lines()) {
                sent.forEach((name, header) -> all.add(new Asked(row, line, name, header)));
                for (TokenKind kind : TokenKind.values()) {
                    all.add(new Asked(
                            row,
                            line,
                            "unknown",
                            "Bearer " + TokenFormat.mint(kind, RANDOM).exposeText()));
                }
            }
        }
        assertThat(all.stream().map(Asked::bearer).collect(Collectors.toSet()))
                .isEqualTo(matrix.bearers().keySet());
        Wire.each(server.port(), COMERS, all, (wire, one) -> {
            String expected =
                    Objects.requireNonNull(matrix.bearers().get(one.bearer())).expected(one.row(), one.line());
            String body = one.row().guard() == Row.Guard.OPEN ? paths.body(one.row(), one.line()) : null;
            Cell cell = new Cell(one.row(), one.line(), matrix.kinds().get("key"), "owner", "live", "own", null);
            @Nullable String header = one.header().isEmpty() ? null : one.header();
            Wire.Reply reply =
                    wire.askUntilTaken(new Wire.Ask(one.line().method(), paths.path(cell, false), header, body));
            judge(one.line() + " with the bearer " + one.bearer(), expected, reply);
        });
        return all.size();
    }

    /** Every method that a path does not take: 405 for whoever comes, and the right ones named. */
    private int askMethods() {
        Map<String, Set<String>> taken = endpoints.stream()
                .collect(Collectors.groupingBy(
                        Endpoint::path,
                        Collectors.mapping(one -> one.method().name(), Collectors.toCollection(TreeSet::new))));
        record Asked(String method, String path, String bearer) {}
        List<Asked> all = new ArrayList<>();
        taken.forEach((path, methods) -> METHODS.stream()
                .filter(method -> !methods.contains(method))
                .forEach(method ->
                        List.of("", server.ownerKey()).forEach(bearer -> all.add(new Asked(method, path, bearer)))));
        Wire.each(server.port(), COMERS, all, (wire, one) -> {
            String path = "/api/v1" + things.fill(one.path(), Map.of("token", "api-key", "passkey", "session"), false);
            Wire.Reply reply = wire.ask(
                    new Wire.Ask(one.method(), path, one.bearer().isEmpty() ? null : "Bearer " + one.bearer(), null));
            String allow = String.join(", ", taken.getOrDefault(one.path(), Set.of()));
            if (reply.status() != 405 || !reply.header("allow").equals(allow)) {
                wrong.add(one.method() + " " + one.path() + ": expected 405 and " + allow + ", was " + reply);
            }
        });
        return all.size();
    }

    private Endpoint endpoint(Row.Line line) {
        return endpoints.stream()
                .filter(one ->
                        one.path().equals(line.path()) && one.method().name().equals(line.method()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no route: " + line));
    }
}
