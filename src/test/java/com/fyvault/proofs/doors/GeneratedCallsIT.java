package com.fyvault.proofs.doors;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Figures;
import com.fyvault.support.Lane;
import com.fyvault.support.ServerTest;
import com.fyvault.support.TestPeople;
import com.fyvault.tokens.Role;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * T51: every documented operation is called with bodies and queries that are generated from the document, valid ones and others.
 * No answer may be off its schema, have a status or a code that the document does not name there, or be a 5xx.
 */
class GeneratedCallsIT extends ServerTest {
    private static final long SEED = 51;
    private static final int MOST_SHOWN = 60;
    /** Each of these computes a hash of a password, or waits for the time of one. */
    private static final Set<String> SLOW = Set.of(
            "signUp",
            "verifyEmail",
            "resendVerification",
            "logIn",
            "forgotPassword",
            "resetPassword",
            "changePassword",
            "beginTotp",
            "addPasskey",
            "getPasskeyOptions");
    /** These would put everybody out who comes after them. They are asked for what is not there. */
    private static final Set<String> ENDING = Set.of("logOut", "logOutEverywhere", "endLogin", "leaveOrg");

    /** These would take the places away that the others write to: some of them go to new ones, the rest to none. */
    private static final Map<String, Map<String, String>> MOVING = Map.of(
            "updateEnvironment", Map.of("environment", "fresh-environment"),
            "setDefaultEnvironment", Map.of("environment", "fresh-environment"),
            "updateProject", Map.of("project", "fresh-project"));

    private static final int MOST_SLOW = 25;
    private static final String NOBODYS = "00000000-0000-7000-8000-000000000000";

    private final Contract contract = Contract.read();
    private final Matrix matrix = MatrixFile.read();
    private final Map<String, Integer> wrong = new TreeMap<>();
    private final Map<Integer, Integer> statuses = new TreeMap<>();
    private Things things;
    private Bearers bearers;
    private TestPeople people;
    private String person;

    @Override
    protected Map<String, String> settings() {
        return OpenDoors.settings();
    }

    @BeforeAll
    void settle() {
        things = new Things(server, owner, server.orgId(), "_gen").prepare();
        bearers = Bearers.of(server, "owner@example.com", server.ownerKey());
        people = new TestPeople(server);
        UUID id = people.plant("somebody@example.com", TestPeople.hash());
        people.join(id, server.orgId(), Role.DEVELOPER);
        person = people.login("somebody@example.com");
        people.stepUp(person, Duration.ZERO);
    }

    @Test
    void everyAnswerIsOneThatTheDocumentNames() {
        // A stream is no answer with a body that ends; EventStreamIT reads it.
        List<Contract.Operation> operations = contract.operations().stream()
                .filter(operation -> !operation.id().equals("streamEvents"))
                .toList();
        GeneratedBody bodies = new GeneratedBody(contract, SEED);
        int calls = Lane.count(20_000, 6_000);
        Map<String, Integer> slow = new TreeMap<>();
        int done = 0;
        try (Wire wire = new Wire(server.port())) {
            for (int i = 0; done < calls; i++) {
                Contract.Operation operation = operations.get(i % operations.size());
                if (SLOW.contains(operation.id()) && slow.merge(operation.id(), 1, Integer::sum) > MOST_SLOW) {
                    continue;
                }
                call(wire, operation, bodies);
                done++;
            }
        }
        Figures.print(new Figures.Line(
                "T51",
                "generated calls",
                0,
                done,
                wrong.values().stream().mapToInt(Integer::intValue).sum(),
                "operations=" + operations.size() + " statuses=" + statuses));
        List<String> shown = new ArrayList<>();
        wrong.forEach((what, times) -> shown.add(times + " times " + what));
        assertThat(shown.stream().limit(MOST_SHOWN)).isEmpty();
    }

    private void call(Wire wire, Contract.Operation operation, GeneratedBody bodies) {
        Row row = row(operation);
        Row.Line line = row.lines().get(0);
        Wire.Ask ask = new Wire.Ask(
                operation.method(), path(operation, row, bodies), bearer(row, line), body(operation, row, bodies));
        Wire.Reply reply = wire.askUntilTaken(ask);
        statuses.merge(reply.status(), 1, Integer::sum);
        @Nullable
        String fault = reply.status() >= 500
                ? "is a " + reply.status() + " " + reply.code()
                : contract.fault(operation, reply);
        if (fault != null) {
            wrong.merge(operation.id() + ": " + fault, 1, Integer::sum);
        }
    }

    private @Nullable String bearer(Row row, Row.Line line) {
        if (row.guard() == Row.Guard.OPEN) {
            return null;
        }
        if (row.guard() == Row.Guard.PERSON) {
            return "Bearer " + person;
        }
        if (row.factor() || line.path().contains("/api-keys")) {
            people.stepUp(bearers.login(), Duration.ZERO);
        }
        return bearers.at(row, line);
    }

    /** To the thing that the matrix asks for, to what nobody has, or to what is no id. */
    private String path(Contract.Operation operation, Row row, GeneratedBody bodies) {
        String path = operation.path();
        Map<String, String> to = MOVING.getOrDefault(operation.id(), row.things());
        boolean places =
                to.values().stream().anyMatch(thing -> thing.endsWith("-environment") || thing.endsWith("-project"));
        // A project has no room for more than 200 environments.
        boolean absent = ENDING.contains(operation.id()) || (places ? !bodies.chance(16) : bodies.chance(4));
        if (absent) {
            String with = bodies.chance(2) ? NOBODYS : "no-id";
            path = path.replace(
                            "{org}",
                            ENDING.contains(operation.id()) || bodies.chance(2)
                                    ? NOBODYS
                                    : server.orgId().toString())
                    .replaceAll("\\{[a-z]+}", with);
        }
        StringBuilder filled = new StringBuilder("/api/v1").append(things.fill(path, to, false));
        char next = '?';
        for (JsonObject query : contract.queries(operation)) {
            if (bodies.chance(3)) {
                filled.append(next).append(query.getString("name")).append('=').append(bodies.query(query));
                next = '&';
            }
        }
        return filled.toString();
    }

    private @Nullable String body(Contract.Operation operation, Row row, GeneratedBody bodies) {
        @Nullable JsonObject schema = operation.body();
        if (schema == null) {
            return null;
        }
        @Nullable String good = row.body() == null ? null : things.fill(row.body(), Map.of(), false);
        return bodies.of(schema, good != null && good.startsWith("{") ? good : null);
    }

    private Row row(Contract.Operation operation) {
        return matrix.rows().stream()
                .filter(row -> row.lines().stream()
                        .anyMatch(line -> line.method().equals(operation.method())
                                && line.path().equals(operation.path())))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no row: " + operation.id()));
    }
}
