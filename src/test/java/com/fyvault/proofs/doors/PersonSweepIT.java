package com.fyvault.proofs.doors;

import static com.fyvault.support.Answers.created;
import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.Figures;
import com.fyvault.support.SeededRandom;
import com.fyvault.support.ServerTest;
import com.fyvault.support.TestAuthenticator;
import com.fyvault.support.TestPeople;
import com.fyvault.tokens.Role;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * T34 for people: somebody who is logged in puts every id that another person has into every position of every route that
 * takes a login, and what that person was mailed into the routes that take a token of a mail. Each answer is compared with that
 * for a text of the same form that nothing has. To show that the sweep sees what is there, whose it is does the same.
 */
class PersonSweepIT extends ServerTest {
    private static final String ORIGIN = "https://vault.example.com";
    private static final Pattern PARAMETER = Pattern.compile("\\{([a-z]+)}");
    private static final Pattern INVITATION = Pattern.compile("\\bfvinvite_[0-9A-Za-z]+\\b");
    /** They end the login that the sweep is made with, whatever is in them. */
    private static final Set<String> ENDS = Set.of("/auth/logout", "/auth/logout-everywhere");

    private final Matrix matrix = MatrixFile.read();
    private final Requests requests = Requests.read();
    private final Map<String, Set<String>> table = Requests.table();
    private final SeededRandom random = new SeededRandom(34);
    /** What A has: each text once, by what it is. */
    private final Map<String, String> harvest = new LinkedHashMap<>();

    private final List<String> different = new ArrayList<>();
    private TestPeople people;
    private TestAuthenticator key;
    private String ours = "";
    private String theirs = "";
    /** The newest login by a passkey. */
    private String steppedUp = "";

    private int asked;

    @Override
    protected Map<String, String> settings() {
        return Map.of(
                "limits.failures.minute", "100000000",
                "people.logins.minute", "0",
                "people.mails.minute", "0",
                "factors.rp.id", "example.com",
                "factors.rp.origins", ORIGIN);
    }

    @BeforeAll
    void settle() {
        people = new TestPeople(server);
        UUID theirId = people.plant("theirs@example.com", TestPeople.hash());
        UUID _ = people.plant("ours@example.com", TestPeople.hash());
        people.join(theirId, server.orgId(), Role.DEVELOPER);
        String other = people.login("theirs@example.com");
        key = new TestAuthenticator(random, ORIGIN, "example.com");
        JsonObject passkey = enrolled(other, key);
        theirs = steppedUp;
        JsonObject _ = enrolled(people.login("ours@example.com"), new TestAuthenticator(random, ORIGIN, "example.com"));
        ours = steppedUp;
        JsonObject session = own(other, "/users/me/sessions").getJsonObject(1);
        created(owner.post("/invitations", new JsonObject().put("email", "invited@example.com")));
        Matcher invitation =
                INVITATION.matcher(people.mail("invited@example.com").getString("text"));
        assertThat(invitation.find()).isTrue();
        harvest.put("user", theirId.toString());
        harvest.put("organization", server.orgId().toString());
        harvest.put("session", session.getString("id"));
        harvest.put("passkey", passkey.getString("id"));
        harvest.put("credential of the passkey", TestAuthenticator.text(key.credentialId()));
        harvest.put("invitation", text("select invitation_id from invitation limit 1"));
        harvest.put("invitation's token", invitation.group());
        harvest.put("credential in the organization", text("select credential_id from credential limit 1"));
        harvest.put("address", "theirs@example.com");
        assertThat(harvest.values()).doesNotContainNull().doesNotHaveDuplicates();
    }

    /** Gives a login a passkey, and logs in with it, which is a step-up; the passkey. */
    private JsonObject enrolled(String token, TestAuthenticator authenticator) {
        JsonObject password = new JsonObject().put("password", TestPeople.PASSWORD);
        JsonObject options = post(token, "/users/me/passkeys/options", password).data();
        JsonObject made = created(post(
                token,
                "/users/me/passkeys",
                new JsonObject()
                        .put("name", "laptop")
                        .put(
                                "credential",
                                authenticator
                                        .registration(options.getString("challenge"))
                                        .toJson())));
        String challenge =
                people.post("/auth/passkey/options", new JsonObject()).data().getString("challenge");
        byte[] handle =
                Base64.getUrlDecoder().decode(options.getJsonObject("user").getString("id"));
        Api.Answer in = people.post(
                "/auth/passkey/login",
                new JsonObject()
                        .put(
                                "credential",
                                authenticator.assertion(challenge, handle).toJson()));
        assertThat(in.status()).as(in.text()).isEqualTo(200);
        steppedUp = in.data().getString("accessToken");
        return made;
    }

    private String text(String query) {
        return server.database().query(query).get(0).values().iterator().next().toString();
    }

    private JsonArray own(String token, String path) {
        return server.api(token).get("//api/v1" + path).list();
    }

    private Api.Answer post(String token, String path, JsonObject body) {
        return server.api(token).post("//api/v1" + path, body);
    }

    /** A request with a text in it that names something. */
    private record Position(
            String method, String path, @Nullable JsonObject body, String text) {
        Wire.Ask as(String token) {
            return new Wire.Ask(method, "/api/v1" + path, "Bearer " + token, body == null ? null : body.encode());
        }
    }

    @Test
    void whatIsSomebodyElsesIsAbsent() {
        int routes = 0;
        try (Wire wire = new Wire(server.port())) {
            for (Row row : matrix.rows()) {
                for (Row.Line line : row.lines()) {
                    if (row.guard() == Row.Guard.PERSON && !ENDS.contains(line.path())) {
                        routes++;
                        sweep(wire, line);
                    }
                }
            }
            sweepPasskey(wire);
        }
        Figures.print(new Figures.Line(
                "T34",
                "ids of another person",
                0,
                asked,
                different.size(),
                "routes=" + routes + " ids=" + harvest.size()));
        assertThat(different).isEmpty();
        assertThat(asked).isGreaterThan(2 * routes);
        // Nothing of theirs has gone, and theirs they still may: the sweep has put the right things into the right
        // places.
        assertThat(own(theirs, "/users/me/sessions")).hasSize(2);
        assertThat(own(theirs, "/users/me/passkeys")).hasSize(1);
        for (String path : List.of(
                "/users/me/sessions/" + harvest.get("session"),
                "/auth/me/orgs/" + harvest.get("organization"),
                "/users/me/passkeys/" + harvest.get("passkey"))) {
            assertThat(server.api(theirs).delete("//api/v1" + path).status())
                    .as(path)
                    .isEqualTo(200);
        }
    }

    private void sweep(Wire wire, Row.Line line) {
        Matcher parameter = PARAMETER.matcher(line.path());
        while (parameter.find()) {
            String name = parameter.group();
            harvest.forEach((what, text) -> compare(
                    wire, line + " " + name + " = " + what, at(line, name, text), at(line, name, Absent.like(text))));
        }
        for (Requests.Field field : requests.fields(line)) {
            boolean names = table.getOrDefault("names", Set.of()).contains(field.name());
            harvest.forEach((what, text) -> {
                if (names || what.equals("user")) {
                    compare(
                            wire,
                            line + " " + field.name() + " = " + what,
                            in(line, field, text),
                            in(line, field, Absent.like(text)));
                }
            });
        }
    }

    private static Position at(Row.Line line, String parameter, String text) {
        return new Position(line.method(), line.path().replace(parameter, text), null, text);
    }

    private static Position in(Row.Line line, Requests.Field field, String text) {
        return new Position(line.method(), line.path(), body(line).put(field.name(), field.holding(text)), text);
    }

    /** What the route asks for besides, so that the text is looked at. */
    private static JsonObject body(Row.Line line) {
        return line.path().equals("/orgs") ? new JsonObject().put("name", "Ours") : new JsonObject();
    }

    /** A signature that is good, by a passkey that is another person's, or nobody's. */
    private void sweepPasskey(Wire wire) {
        TestAuthenticator nobodys = new TestAuthenticator(random, ORIGIN, "example.com");
        compare(
                wire,
                "POST /auth/step-up by a passkey",
                new Position("POST", "/auth/step-up", stepUp(key), "x"),
                new Position("POST", "/auth/step-up", stepUp(nobodys), "x"));
    }

    private JsonObject stepUp(TestAuthenticator authenticator) {
        String challenge =
                post(ours, "/auth/step-up/options", new JsonObject()).data().getString("challenge");
        return new JsonObject()
                .put("credential", authenticator.assertion(challenge, null).toJson());
    }

    private void compare(Wire wire, String what, Position foreign, Position absent) {
        asked += 2;
        Difference.Answered one =
                new Difference.Answered(wire.askUntilTaken(foreign.as(ours)), List.of(foreign.text()));
        Difference.Answered other =
                new Difference.Answered(wire.askUntilTaken(absent.as(ours)), List.of(absent.text()));
        @Nullable String difference = Difference.between(one, other);
        if (difference != null) {
            different.add(what + ": " + Objects.requireNonNull(difference));
        }
    }
}
