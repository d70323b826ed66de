package com.fyvault.leaks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fyvault.support.Api;
import com.fyvault.support.ServerTest;
import com.fyvault.support.TestPeople;
import com.fyvault.tokens.Role;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** A server with a GitHub that reports to it, and people who can be found out. */
abstract class LeakedTest extends ServerTest {
    private final TestGithub github = new TestGithub();
    TestPeople people;
    private int count;

    @Override
    protected Map<String, String> settings() {
        return Map.of(
                "leaks.github.keys", github.url(),
                "leaks.fingerprints.interval.millis", "100",
                "leaks.sightings.minute", "0",
                "people.mails.minute", "0",
                "people.logins.minute", "0");
    }

    @BeforeAll
    void meet() {
        people = new TestPeople(server);
        server.createSecret("SHARED", "shared value");
    }

    @AfterAll
    void stopGithub() {
        github.close();
    }

    final List<Boolean> report(String... texts) {
        JsonArray entries = new JsonArray();
        // The same text again is another report: the same bytes are taken once.
        Stream.of(texts)
                .map(TestGithub::entry)
                .map(entry -> entry.put("seen", UUID.randomUUID().toString()))
                .forEach(entries::add);
        Api.Answer answer = github.report(server, entries);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        for (String text : texts) {
            assertThat(answer.text()).doesNotContain(text);
        }
        return new JsonArray(answer.text())
                .stream()
                        .map(one -> ((JsonObject) one).getString("label").equals("true_positive"))
                        .toList();
    }

    static List<JsonObject> list(Api api, String path) {
        return api.get(path).list().stream().map(JsonObject.class::cast).toList();
    }

    /** The one leak of the organization whose JSON names this. */
    final JsonObject leak(String named) {
        List<JsonObject> found = list(owner, "/leaks").stream()
                .filter(one -> one.encode().contains(named))
                .toList();
        assertThat(found).as(named).hasSize(1);
        assertThat(owner.get("/leaks/" + found.get(0).getString("id")).status()).isEqualTo(200);
        return found.get(0);
    }

    final List<JsonObject> notices(JsonObject leak) {
        return list(owner, "/notices").stream()
                .filter(one -> one.getJsonObject("payload").getString("leakId").equals(leak.getString("id")))
                .toList();
    }

    final JsonObject notice(JsonObject leak) {
        assertThat(notices(leak)).hasSize(1);
        return notices(leak).get(0);
    }

    final String email() {
        return "leaked" + count++ + "@example.com";
    }

    /** A member of the organization; their address. */
    final String member(Role role) {
        String email = email();
        people.join(plant(email), server.orgId(), role);
        return email;
    }

    /** An account; its id. */
    final UUID plant(String email) {
        return people.plant(email, TestPeople.hash());
    }
}
