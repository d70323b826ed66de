package com.fyvault.proofs.doors;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.bootstrap.Bootstrap;
import com.fyvault.support.Api;
import com.fyvault.support.Figures;
import com.fyvault.support.ServerTest;
import com.fyvault.support.TestServer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * T34: organization B's owner puts every id and name of organization A into every position of every route, alone and
 * together, under each spelling of the path, and into every text of every query and body. Each answer is compared with
 * that for a text of the same form that nothing has. To show that the sweep sees what is there, A's owner does the same.
 * Lane F puts what belongs into a position into all of them, and of the rest one in {@value Harvest#OF_ANY}, the same each time.
 */
class IdSweepIT extends ServerTest {
    private static final int READERS = 8;
    private static final int MOST_SHOWN = 40;
    private static final Pattern PARAMETER = Pattern.compile("\\{([a-z]+)}");
    private static final List<String> SPELLINGS = List.of("/api/v1/", "/v1/", "/api/v1//", "//v1///");

    private final Matrix matrix = MatrixFile.read();
    private final Requests requests = Requests.read();
    private final Collection<String> different = new ConcurrentLinkedQueue<>();
    private final AtomicInteger pairs = new AtomicInteger();
    private final Harvest harvest = new Harvest();

    private Things ours;
    private Things theirs;
    private Bearers us;
    private Bearers them;

    @Override
    protected Map<String, String> settings() {
        return OpenDoors.settings(Map.of(
                // The trail of the sweep itself grows past what one request looks at, between two that are compared.
                "trail.scan.rows", "1000000",
                "events.streams.each", "1000"));
    }

    /** Two requests that differ only in texts, one of which is A's. */
    private record Pair(
            Row.Line line, String what, Wire.Ask foreign, Wire.Ask absent, List<String> asked, List<String> none) {}

    @BeforeAll
    void settle() {
        theirs = new Things(server, owner, server.orgId(), "_theirs").prepare();
        Bootstrap.Made made = TestServer.await(server.app().bootstrap().make("Ours", "ours@example.com"));
        Api owners = server.api(made.key().exposeText()).in(made.orgId().toString());
        ours = new Things(server, owners, made.orgId(), "_ours").prepare();
        us = Bearers.of(server, "ours@example.com", made.key().exposeText());
        them = Bearers.of(server, "owner@example.com", server.ownerKey());
        harvest.put("org", server.orgId().toString());
        harvest.putAll(theirs);
        harvest.put("default project", server.projectId().toString());
        harvest.put(
                "owner's key",
                text("select credential_id from credential where org_id = ? and parent_id is null limit 1"));
        harvest.put("owner", text("select user_id from membership where org_id = ? limit 1"));
        harvest.put("event", owner.get("/audit?limit=1").list().getJsonObject(0).getString("id"));
        harvest.put("notice", owner.get("/notices").list().getJsonObject(0).getString("id"));
        harvest.put("project's name", Things.SIDE + "_theirs");
        harvest.put("fingerprint", "print_theirs");
        harvest.put("label", "provider_theirs");
    }

    private String text(String query) {
        Map<String, Object> row = server.database().query(query, server.orgId()).get(0);
        return row.values().iterator().next().toString();
    }

    @Test
    void whatIsSomebodyElsesIsAbsent() {
        List<Pair> paths = new ArrayList<>();
        List<Pair> queries = new ArrayList<>();
        List<Pair> bodies = new ArrayList<>();
        for (Row row : matrix.rows()) {
            for (Row.Line line : row.lines()) {
                addPaths(paths, row, line);
                addQueries(line.method().equals("GET") ? queries : bodies, row, line);
                addBodies(bodies, row, line);
            }
        }
        Wire.each(server.port(), READERS, paths, this::compare);
        Wire.each(server.port(), READERS, queries, this::compare);
        // One at a time, for they change what other requests of the organization rest on.
        Wire.each(server.port(), 1, bodies, this::compare);
        Set<String> blind = control();
        long routes =
                matrix.rows().stream().mapToLong(row -> row.lines().size()).sum();
        Figures.print(new Figures.Line(
                "T34",
                "ids of another organization",
                0,
                2L * pairs.get(),
                different.size(),
                "routes=" + routes + " ids=" + harvest.size() + " paths=" + paths.size() + " queries=" + queries.size()
                        + " bodies=" + bodies.size()));
        assertThat(different.stream().limit(MOST_SHOWN)).as("blind " + blind).isEmpty();
        assertThat(blind)
                .as("positions in which not even A's owner sees what A has")
                .isEmpty();
    }

    private void compare(Wire wire, Pair pair) {
        pairs.incrementAndGet();
        us.confirmFor(pair.line());
        @Nullable String difference = difference(wire, pair);
        if (difference != null) {
            different.add(pair.what() + " " + pair.foreign().method() + " "
                    + pair.foreign().path() + ": " + difference);
        }
    }

    private static @Nullable String difference(Wire wire, Pair pair) {
        Difference.Answered one = new Difference.Answered(wire.askUntilTaken(pair.foreign()), pair.asked());
        Difference.Answered other = new Difference.Answered(wire.askUntilTaken(pair.absent()), pair.none());
        return Difference.between(one, other);
    }

    private void addPaths(List<Pair> all, Row row, Row.Line line) {
        List<String> parameters = parameters(line);
        for (String parameter : parameters) {
            harvest.forEach((what, text) -> {
                if (Harvest.isChosen(line + parameter + what)) {
                    all.add(pair(row, line, SPELLINGS.get(0), Map.of(parameter, text)));
                }
            });
        }
        // Every choice of the positions that hold what is A's and of the right kind.
        for (int choice = 1; choice < 1 << parameters.size(); choice++) {
            Map<String, String> chosen = new LinkedHashMap<>();
            for (int i = 0; i < parameters.size(); i++) {
                if ((choice >> i & 1) == 1) {
                    chosen.put(parameters.get(i), proper(theirs, row, line, parameters.get(i)));
                }
            }
            for (String spelling : SPELLINGS) {
                all.add(pair(row, line, spelling, chosen));
            }
        }
    }

    /** What the position is for. What is made anew for each request is not: any of its kind will do. */
    private static String proper(Things whose, Row row, Row.Line line, String parameter) {
        String thing = row.things().getOrDefault(parameter, parameter).replaceFirst("^(fresh|gone)-", "");
        return whose.get(thing, line.names("project"));
    }

    private void addQueries(List<Pair> all, Row row, Row.Line line) {
        for (String name : requests.queries(line)) {
            for (String text : harvest.tried(line, name)) {
                String path = path(row, line, SPELLINGS.get(0), Map.of());
                String none = Absent.like(text);
                all.add(new Pair(
                        line,
                        "query " + name,
                        new Wire.Ask(line.method(), path + "?" + name + "=" + text, us.at(row, line), body(row, line)),
                        new Wire.Ask(line.method(), path + "?" + name + "=" + none, us.at(row, line), body(row, line)),
                        List.of(text),
                        List.of(none)));
            }
        }
    }

    private void addBodies(List<Pair> all, Row row, Row.Line line) {
        String path = path(row, line, SPELLINGS.get(0), Map.of()) + row.query();
        for (Requests.Field field : requests.fields(line)) {
            for (String text : harvest.tried(line, field.name())) {
                String none = Absent.like(text);
                all.add(new Pair(
                        line,
                        "body " + field.name(),
                        new Wire.Ask(line.method(), path, us.at(row, line), with(body(row, line), field, text)),
                        new Wire.Ask(line.method(), path, us.at(row, line), with(body(row, line), field, none)),
                        List.of(text),
                        List.of(none)));
            }
        }
    }

    private static String with(@Nullable String body, Requests.Field field, String text) {
        JsonObject object = body == null ? new JsonObject() : new JsonObject(body);
        return object.put(field.name(), field.holding(text)).encode();
    }

    private @Nullable String body(Row row, Row.Line line) {
        return row.body() == null ? null : ours.fill(row.body(), Map.of(), line.names("project"));
    }

    private Pair pair(Row row, Row.Line line, String spelling, Map<String, String> chosen) {
        Map<String, String> none = new LinkedHashMap<>();
        chosen.forEach((parameter, text) -> none.put(parameter, Absent.like(text)));
        return new Pair(
                line,
                "path " + chosen.keySet(),
                ask(row, line, spelling, chosen),
                ask(row, line, spelling, none),
                List.copyOf(chosen.values()),
                List.copyOf(none.values()));
    }

    private Wire.Ask ask(Row row, Row.Line line, String spelling, Map<String, String> chosen) {
        String path = path(row, line, spelling, chosen) + row.query();
        return new Wire.Ask(line.method(), path, us.at(row, line), body(row, line));
    }

    /** The path with what was chosen, and for the rest what is B's own. */
    private String path(Row row, Row.Line line, String spelling, Map<String, String> chosen) {
        String path = line.path();
        for (String parameter : parameters(line)) {
            String text = chosen.containsKey(parameter) ? chosen.get(parameter) : proper(ours, row, line, parameter);
            path = path.replace("{" + parameter + "}", text);
        }
        return spelling + path.substring(1);
    }

    private static List<String> parameters(Row.Line line) {
        List<String> names = new ArrayList<>();
        Matcher parameters = PARAMETER.matcher(line.path());
        while (parameters.find()) {
            names.add(parameters.group(1));
        }
        return names;
    }

    /** Positions of routes that read, at which A's owner gets the same answer for what A has and for what nothing has. */
    private Set<String> control() {
        Set<String> blind = new ConcurrentSkipListSet<>();
        record Position(Row row, Row.Line line, String parameter) {}
        List<Position> positions = new ArrayList<>();
        for (Row row : matrix.rows()) {
            for (Row.Line line : row.lines()) {
                if (line.method().equals("GET") && row.ofOrganization()) {
                    parameters(line).forEach(parameter -> positions.add(new Position(row, line, parameter)));
                }
            }
        }
        Wire.each(server.port(), READERS, positions, (wire, one) -> {
            Map<String, String> own = new LinkedHashMap<>();
            parameters(one.line()).forEach(name -> own.put(name, proper(theirs, one.row(), one.line(), name)));
            Map<String, String> none = new LinkedHashMap<>(own);
            none.computeIfPresent(one.parameter(), (name, text) -> Absent.like(text));
            Pair pair = new Pair(
                    one.line(),
                    "control",
                    asOwner(one.row(), one.line(), ask(one.row(), one.line(), SPELLINGS.get(0), own)),
                    asOwner(one.row(), one.line(), ask(one.row(), one.line(), SPELLINGS.get(0), none)),
                    List.copyOf(own.values()),
                    List.copyOf(none.values()));
            if (difference(wire, pair) == null) {
                blind.add(one.line() + " " + one.parameter());
            }
        });
        return new TreeSet<>(blind);
    }

    private Wire.Ask asOwner(Row row, Row.Line line, Wire.Ask ask) {
        return new Wire.Ask(ask.method(), ask.path(), them.at(row, line), ask.body());
    }
}
